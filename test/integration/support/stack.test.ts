import { afterEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("the whole gateway in real processes", () => {
  let stack: Stack | undefined;
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });

  it("answers a message, through every process and back to the member's screen", async () => {
    stack = await startStack({ console: true });
    const { emulator, logs } = stack;
    const push = await emulator.pushText({ app: "main", user: "zhangsan", text: "hello" });
    expect(push.status).toBe("acknowledged");
    await waitUntil(
      "the reply is on the screen",
      () => emulator.seen({ app: "main", user: "zhangsan" }).length > 0,
      { timeoutMs: 30_000, describe: logs },
    );
  });
});
