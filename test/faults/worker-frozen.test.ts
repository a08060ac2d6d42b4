import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import { conversationsOf } from "./conversations.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";
import { RESUMED } from "./reply-lines.ts";

/** As promised. By then the notice that work goes on is due as well, and a frozen worker wakes up to that. */
const FROZEN_MS = 60_000;
const LIMIT_MS = 240_000;

describe("a worker that is frozen for 60 s, past its death, and comes back", () => {
  let gateway: FaultStack;
  beforeAll(async () => {
    gateway = await startFaultStack({ workers: 2 });
  }, LIMIT_MS);
  afterAll(() => gateway?.stop());

  it(
    "says nothing, because another one has answered, and goes on being useful",
    async () => {
      const { conversation, say, answered, told } = conversationsOf(gateway)();
      const id = await say("wait=8");
      const zombie = await gateway.runner(id);
      gateway.freeze(zombie);
      // The freeze is the thing under test: here time itself has to pass.
      const frozen = sleep(FROZEN_MS);
      await answered(id);
      const before = gateway.shown(conversation);
      await frozen;
      gateway.thaw(zombie);
      const ended = new RegExp(`-${id}".*"run ended"`);
      await waitUntil("the zombie has ended its run", () => ended.test(zombie.logs()), {
        timeoutMs: 30_000,
        describe: () => zombie.logs().slice(-5000),
      });
      await gateway.untilQuiet(30_000);
      expect(gateway.shown(conversation)).toEqual(before);
      expect(told(RESUMED)).toBe(1);
      expect(gateway.journal.starts(id)).toHaveLength(2);

      // The other one gone, everything depends on the one that came back.
      for (const worker of gateway.stack.workers) if (worker !== zombie) await gateway.kill(worker);
      await answered(await say("wait=0"));
      await gateway.untilQuiet(60_000);
      expect(checkHistory(await gateway.history(), { maxAttempts: 2, toldWithinMs: 30_000 })).toEqual([]);
    },
    LIMIT_MS,
  );
});
