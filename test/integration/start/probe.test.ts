import { afterEach, describe, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("an agent that cannot work", () => {
  let stack: Stack | undefined;
  afterEach(() => stack?.stop());

  it("is named at the start with what is wrong, and does not keep the worker from starting", async () => {
    const env = { AGENT_RUNNER: "command", AGENT_COMMAND: "/no/such/agent --now" };
    stack = await startStack({ ingress: 0, workers: 1, env });
    const problem = /"runner":"command".*"\/no\/such\/agent\\" was not found or may not be executed/;
    // It is looked for beside the start, which does not wait for it.
    await waitUntil("it is named", () => problem.test(stack?.logs() ?? ""), {
      describe: () => stack?.logs() ?? "",
    });
    await waitUntil("the worker works", () => stack?.logs().includes('"msg":"working"') ?? false);
  });
});
