import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";

/** What the person is told when a run begins again. */
const RESUMED = /服务刚刚重启/;
/** The person is told that work goes on this long after a run began, and a frozen worker wakes up to that. */
const NOTICE_AFTER_MS = 15_000;
const LIMIT_MS = 180_000;

describe("a worker that goes away in the middle of a turn", () => {
  let gateway: FaultStack;
  let users = 0;
  beforeAll(async () => {
    gateway = await startFaultStack({ workers: 2, env: { WORKER_DRAIN_SECONDS: "1" } });
  }, LIMIT_MS);
  afterAll(() => gateway?.stop());
  afterEach(async () => {
    await Promise.all(
      gateway.stack.workers.map((worker) => (worker.process.isRunning() ? undefined : worker.start())),
    );
    await gateway.untilQuiet(60_000);
    expect(checkHistory(await gateway.history(), { maxAttempts: 2, toldWithinMs: 30_000 })).toEqual([]);
  }, LIMIT_MS);

  function newConversation() {
    users += 1;
    const conversation = `user${users}`;
    let messages = 0;
    return {
      conversation,
      /** Sends a message and returns its id. */
      async say(words: string): Promise<string> {
        messages += 1;
        const id = `${users * 1000 + messages}`;
        expect(await gateway.push({ conversation, id, text: `${id} ${words}` })).toBe(true);
        return id;
      },
      answered: (id: string, timeoutMs = 60_000) =>
        waitUntil(`${id} is answered`, () => gateway.shown(conversation).includes(`${id} 1/1`), {
          timeoutMs,
          describe: () => `${gateway.shown(conversation).join("\n")}\n${gateway.stack.logs().slice(-5000)}`,
        }),
      told: (what: RegExp) => gateway.shown(conversation).filter((text) => what.test(text)).length,
    };
  }

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
      for (const run of [1, 2]) {
        const worker = await gateway.runner(id, run);
        await gateway.kill(worker, "SIGTERM");
        await worker.start();
      }
      await answered(id);
      const starts = gateway.journal.starts(id);
      expect(starts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
      expect(new Set(starts.map(({ worker }) => worker)).size).toBe(3);
      expect(told(RESUMED)).toBe(1);
    },
    LIMIT_MS,
  );

  it(
    "killed by the message itself: after two runs the message is a dead letter with a reason, the person is told, and the next one is answered",
    async () => {
      const { conversation, say, answered } = newConversation();
      const poison = await say("kill-worker");
      for (const run of [1, 2]) {
        const worker = await gateway.runner(poison, run);
        await waitUntil("the worker is dead", () => !worker.process.isRunning());
        gateway.noteKilled(worker);
        await worker.start();
      }
      const next = await say("wait=0");
      await answered(next);
      expect(gateway.journal.starts(poison)).toHaveLength(2);
      const letters = (await gateway.history()).filter(({ type }) => type === "dead-letter");
      expect(letters).toEqual([{ type: "dead-letter", what: "message", messages: [poison], code: "poison" }]);
      const failure = gateway.shown(conversation).findIndex((text) => text.endsWith(`-${poison}`));
      expect(failure).toBeGreaterThanOrEqual(0);
      expect(gateway.shown(conversation).indexOf(`${next} 1/1`)).toBeGreaterThan(failure);
    },
    LIMIT_MS,
  );

  it(
    "frozen past its death and back: another one answers, and the zombie says nothing and goes on being useful",
    async () => {
      const { conversation, say, answered, told } = newConversation();
      const id = await say("wait=8");
      const zombie = await gateway.runner(id);
      gateway.freeze(zombie);
      const frozenAtMs = performance.now();
      await answered(id);
      const before = gateway.shown(conversation);
      // What is due in the zombie's timers by now, it finds when it wakes up.
      await waitUntil("the notice is due", () => performance.now() - frozenAtMs > NOTICE_AFTER_MS);
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
    },
    LIMIT_MS,
  );
});
