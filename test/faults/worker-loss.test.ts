import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import type { Conversation } from "./conversations.ts";
import { conversationsOf } from "./conversations.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";
import { RESUMED } from "./reply-lines.ts";

const LIMIT_MS = 180_000;

describe("a worker that goes away in the middle of a turn", () => {
  let gateway: FaultStack;
  let newConversation: () => Conversation;
  let poison = "";
  beforeAll(async () => {
    gateway = await startFaultStack({ workers: 2, env: { WORKER_DRAIN_SECONDS: "1" } });
    newConversation = conversationsOf(gateway);
  }, LIMIT_MS);
  afterAll(() => gateway?.stop());
  afterEach(async () => {
    await Promise.all(
      gateway.stack.workers.map((worker) => (worker.process.isRunning() ? undefined : worker.start())),
    );
    await gateway.untilQuiet(60_000);
    const maySetAside = ({ message }: { message: string }) => message === poison;
    expect(
      checkHistory(await gateway.history(), { maxAttempts: 3, toldWithinMs: 30_000, maySetAside }),
    ).toEqual([]);
  }, LIMIT_MS);

  it(
    "killed: another one resumes its turn within 20 s, and tells the person once",
    async () => {
      const { say, answered, told } = newConversation();
      const id = await say("wait=3");
      await gateway.kill(await gateway.runner(id));
      // The bound of the requirement; with WORKER_DEAD_AFTER_SECONDS=2 and checks every 3 s it takes about 8 s.
      await waitUntil("the turn runs again", () => gateway.journal.starts(id).length === 2, {
        timeoutMs: 20_000,
        describe: () => gateway.stack.logs().slice(-5000),
      });
      await answered(id);
      expect(gateway.journal.starts(id).map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(told(RESUMED)).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    "told to end, twice: its long run is handed over each time, no attempt is counted, the person is told once",
    async () => {
      const { say, answered, told } = newConversation();
      const id = await say("wait=6");
      const restarts: Promise<void>[] = [];
      for (const run of [1, 2]) {
        const worker = await gateway.runner(id, run);
        await gateway.kill(worker, "SIGTERM");
        // On a busy machine a start takes as long as the run: the second one is told while it goes on.
        restarts.push(worker.start());
      }
      await Promise.all(restarts);
      await answered(id);
      const starts = gateway.journal.starts(id);
      expect(starts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
      expect(new Set(starts.map(({ worker }) => worker)).size).toBe(3);
      expect(told(RESUMED)).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    "killed by the message itself: after three runs the message is a dead letter with a reason, the person is told, and the next one is answered",
    async () => {
      const { conversation, say, answered } = newConversation();
      poison = await say("kill-worker");
      for (const run of [1, 2, 3]) {
        const worker = await gateway.runner(poison, run);
        await waitUntil("the worker is dead", () => !worker.process.isRunning());
        gateway.noteKilled(worker);
        await worker.start();
      }
      const next = await say("wait=0");
      await answered(next);
      expect(gateway.journal.starts(poison)).toHaveLength(3);
      const told = new RegExp(`${poison}".*"losses":2,.*workers were lost`);
      await waitUntil("it is told", () => told.test(gateway.stack.logs()));
      const letters = (await gateway.history()).filter(({ type }) => type === "dead-letter");
      expect(letters).toEqual([
        {
          type: "dead-letter",
          what: "message",
          messages: [poison],
          code: "poison",
          atMs: expect.any(Number),
        },
      ]);
      const failure = gateway.shown(conversation).findIndex((text) => text.endsWith(`-${poison}`));
      expect(failure).toBeGreaterThanOrEqual(0);
      expect(gateway.shown(conversation).indexOf(`${next} 1/1`)).toBeGreaterThan(failure);
    },
    LIMIT_MS,
  );
});
