import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import type { PrivateRedis } from "../support/redis.ts";
import { checkHistory } from "./check-history.ts";
import { conversationsOf } from "./conversations.ts";
import { startFaultStack } from "./fault-stack.ts";

/** As promised; many times the silence after which a worker counts as dead. */
const OUTAGE_SECONDS = 60;
const PATIENCE_MS = 120_000;
/** Bound of a test for the failing case. */
export const OUTAGE_LIMIT_MS = 300_000;

/** Takes Redis away from two workers for 60 s: a run that ends meanwhile, and one that ends later, run on. */
export async function expectNoRunAgain(outage: {
  begin(redis: PrivateRedis): void | Promise<void>;
  end(redis: PrivateRedis): void | Promise<void>;
}): Promise<void> {
  const gateway = await startFaultStack({ workers: 2, env: { WORKER_DEAD_AFTER_SECONDS: "3" } });
  try {
    const newConversation = conversationsOf(gateway);
    const runs = await Promise.all(
      [OUTAGE_SECONDS + 5, OUTAGE_SECONDS / 3].map(async (seconds) => {
        const { conversation, say, answered } = newConversation();
        const id = await say(`wait=${seconds}`);
        await gateway.runner(id);
        return { id, conversation, answered };
      }),
    );
    const { redis } = gateway.stack;
    await outage.begin(redis);
    // The outage is the thing under test: here time itself has to pass.
    await sleep(OUTAGE_SECONDS * 1000);
    await outage.end(redis);
    for (const { id, conversation, answered } of runs) {
      await answered(id, PATIENCE_MS);
      expect(gateway.journal.starts(id)).toMatchObject([{ attempt: 1 }]);
      // Nothing but the answer, and where the run was long enough, that it goes on.
      expect(gateway.shown(conversation).filter((text) => !text.startsWith("⏳"))).toEqual([`${id} 1/1`]);
    }
    await gateway.untilQuiet(PATIENCE_MS);
    const events = await gateway.history();
    expect(events.filter((event) => event.type === "worker")).toEqual([]);
    expect(checkHistory(events, { maxAttempts: 1, toldWithinMs: 0 })).toEqual([]);
  } finally {
    await gateway.stop();
  }
}
