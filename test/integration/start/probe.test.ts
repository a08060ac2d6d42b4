import { afterEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";

describe("an agent that cannot work", () => {
  let stack: Stack | undefined;
  afterEach(() => stack?.stop());

  it("is named at the start with what is wrong, and does not keep the worker from starting", async () => {
    const env = { AGENT_RUNNER: "command", AGENT_COMMAND: "/no/such/agent --now" };
    stack = await startStack({ ingress: 0, workers: 1, env });
    const logs = stack.logs();
    expect(logs).toMatch(/"runner":"command".*"\/no\/such\/agent\\" was not found or may not be executed/);
    expect(logs).toContain('"msg":"working"');
  });
});
