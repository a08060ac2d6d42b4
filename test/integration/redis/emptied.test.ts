import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that a Redis that came back empty keeps a gateway from working until somebody restarts it.

describe("a Redis that has lost everything, under processes that run on", () => {
  let stack: Stack;
  afterEach(() => stack.stop());

  it("takes and answers messages again, and repairs lost wake-ups as before", async () => {
    stack = await startStack({ workers: 2, env: { TURN_QUIET_MS: "0" } });
    const { emulator, redis, prefix, logs } = stack;
    const untilAnswered = async (user: string) => {
      const { status } = await emulator.pushText({ app: "main", user, text: "hello" });
      expect(status).toBe("acknowledged");
      const isAnswered = () => emulator.seen({ app: "main", user }).length === 1;
      await waitUntil(`${user} is answered`, isAnswered, { describe: logs, timeoutMs: 60_000 });
    };
    await untilAnswered("before");
    const client = redis.client();
    await client.flushall();
    await untilAnswered("after");
    await waitUntil("workers are counted again", async () => (await client.zcard(`${prefix}:workers`)) === 2);
    const maintenance = createQueue(QUEUE_NAMES.maintenance, { connection: client, prefix });
    await waitUntil(
      "the repair is scheduled",
      async () => (await maintenance.getJobSchedulersCount()) === 1,
      {
        timeoutMs: 60_000,
      },
    );
    await maintenance.close();
  }, 180_000);
});
