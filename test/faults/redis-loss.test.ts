import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";

/**
 * The promise is 60 s; FAULTS_OUTAGE_SECONDS=60 checks it whole. Shorter here, yet many times the silence after
 * which a worker counts as dead.
 */
const OUTAGE_SECONDS = Number(process.env.FAULTS_OUTAGE_SECONDS ?? 15);
const LIMIT_MS = 120_000 + OUTAGE_SECONDS * 4000;

describe(`Redis gone for ${OUTAGE_SECONDS} s`, () => {
  let gateway: FaultStack;
  let users = 0;
  beforeAll(async () => {
    gateway = await startFaultStack({ workers: 2, env: { WORKER_DEAD_AFTER_SECONDS: "3" } });
  }, LIMIT_MS);
  afterAll(() => gateway?.stop());

  it.each([
    ["frozen", () => freezeRedis()],
    ["killed", () => killRedis()],
  ])(
    "runs no healthy turn again (%s)",
    async (_how, outage) => {
      const long = await say(`wait=${OUTAGE_SECONDS + 5}`);
      const duringOutage = await say(`wait=${OUTAGE_SECONDS / 3}`);
      await gateway.runner(long.id);
      await gateway.runner(duringOutage.id);
      await outage();
      for (const { conversation, id } of [long, duringOutage]) {
        await waitUntil(`${id} is answered`, () => gateway.shown(conversation).includes(`${id} 1/1`), {
          timeoutMs: 60_000 + OUTAGE_SECONDS * 1000,
          describe: () => gateway.stack.logs().slice(-5000),
        });
        expect(gateway.journal.starts(id)).toMatchObject([{ attempt: 1 }]);
        // Nothing but the answer, and where the run was long enough, that it goes on.
        expect(gateway.shown(conversation).filter((text) => !text.startsWith("⏳"))).toEqual([`${id} 1/1`]);
      }
      await gateway.untilQuiet(60_000);
      const events = await gateway.history();
      expect(events.filter((event) => event.type === "worker")).toEqual([]);
      expect(checkHistory(events, { maxAttempts: 1, toldWithinMs: 0 })).toEqual([]);
    },
    LIMIT_MS,
  );

  async function say(words: string) {
    users += 1;
    const message = { conversation: `user${users}`, id: `${users}001` };
    expect(await gateway.push({ ...message, text: `${message.id} ${words}` })).toBe(true);
    return message;
  }

  // The outage is the thing under test: here time itself has to pass.
  async function freezeRedis() {
    gateway.stack.redis.pause();
    await sleep(OUTAGE_SECONDS * 1000);
    gateway.stack.redis.resume();
  }

  async function killRedis() {
    await gateway.stack.redis.kill("SIGKILL");
    await sleep(OUTAGE_SECONDS * 1000);
    await gateway.stack.redis.restart();
  }
});
