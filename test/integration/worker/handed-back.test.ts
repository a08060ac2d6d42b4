import { createKeys, createQueue, QUEUE_NAMES } from "@gateway/conversation";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Job } from "bullmq";
import { pino } from "pino";
import { createHeldJobs } from "../../../services/worker/src/liveness/held-jobs.ts";
import { createBullmqWorker } from "../../../services/worker/src/queues/bullmq-worker.ts";
import type { Turn, TurnIO, TurnResult } from "../../../services/worker/src/runners/runner.ts";
import { createRunningTurns } from "../../../services/worker/src/turn/running-turns.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { WorkerHarness } from "./harness.ts";
import { startHarness } from "./harness.ts";

// Retires the risk that a worker which was suspended meets itself: its jobs are handed out again, to it.

const logger = pino({ level: "silent" });

describe("a job that is handed back to the worker that still runs it", () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function start(): Promise<TestRedis> {
    const server = await startRedis();
    ends.push(server.stop);
    return server;
  }

  it("runs once at a time, and keeps its lock", async () => {
    const { prefix, client } = await start();
    const connection = client();
    const queue = createQueue(QUEUE_NAMES.turns, { connection, prefix });
    const held = createHeldJobs();
    const runs: { token: string; signal: AbortSignal; end: () => void; ended: boolean }[] = [];
    const running = () => runs.filter(({ ended }) => !ended).length;
    let mostAtOnce = 0;
    const run = async (_job: Job, token: string, signal: AbortSignal) => {
      const mine = { token, signal, end: () => {}, ended: false };
      await new Promise<void>((resolve) => {
        mine.end = resolve;
        runs.push(mine);
        mostAtOnce = Math.max(mostAtOnce, running());
      });
      mine.ended = true;
      if (signal.aborted) throw new Error("lost");
    };
    // Two, as one process has them for many turns: either may be given the job.
    const workers = [1, 2].map(() =>
      createBullmqWorker(QUEUE_NAMES.turns, run, {
        ...{ connection, prefix, concurrency: 2, held, logger },
      }),
    );
    ends.push(async () => {
      for (const { end } of runs) end();
      await Promise.all(workers.map((worker) => worker.close(true)));
      await queue.close();
    });
    for (const worker of workers) void worker.run();
    const { id = "" } = await queue.add("turn", {});
    const lock = `${queue.toKey(id)}:lock`;
    await waitUntil("it runs", () => runs.length === 1);
    const [first] = runs;

    await connection.del(lock);
    await waitUntil("the first one is told", () => first?.signal.reason === "lost");
    await waitUntil("it waits for the first to end", () => queue.getDelayedCount());
    first?.end();
    await waitUntil("it runs again", () => runs.length === 2);
    const [, second] = runs;
    expect(await connection.get(lock)).toBe(second?.token);
    await waitUntil("its lock is looked after", () => workers.some((worker) => worker.cancelJob(id, "seen")));
    expect(second?.signal.reason).toBe("seen");
    expect(mostAtOnce).toBe(1);
  });

  it("hears what concerns it after the run before it has left", async () => {
    const { prefix, client } = await start();
    const [connection, keys] = [client(), createKeys(prefix)];
    const turns = createRunningTurns({ subscriber: client(), keys, logger });
    ends.push(() => turns.stop());
    const heard: string[] = [];
    const leave = turns.enter("anna", async () => void heard.push("first"));
    const leaveSecond = turns.enter("anna", async () => void heard.push("second"));
    leave();
    await waitUntil("it hears", async () => {
      await connection.publish(keys.signals, "anna");
      return heard.length > 0;
    });
    expect(new Set(heard)).toEqual(new Set(["second"]));
    leaveSecond();
    expect(turns.count()).toBe(0);
  });
});

describe("a turn that is handed back to its worker", () => {
  let harness: WorkerHarness | undefined;
  afterEach(() => harness?.stop());

  it("is stopped by /stop, and was never run twice at a time", async () => {
    const running = new Set<Turn>();
    const turns: Turn[] = [];
    let mostAtOnce = 0;
    const run = async (turn: Turn, io: TurnIO): Promise<TurnResult> => {
      turns.push(turn);
      running.add(turn);
      mostAtOnce = Math.max(mostAtOnce, running.size);
      await new Promise((resolve) => io.signal.addEventListener("abort", resolve));
      running.delete(turn);
      return { status: "cancelled" };
    };
    harness = await startHarness({ run });
    const { redis, keys, say, hears } = harness;
    await say("main", "anna", "hello");
    await waitUntil("the agent is busy", () => turns.length === 1);
    await redis.del(...(await redis.keys(`${keys.prefix}:turns:*:lock`)));
    await waitUntil("the agent has it again", () => turns.length === 2);
    await waitUntil("the first run has ended", () => running.size === 1);
    await say("main", "anna", "/stop");
    await hears("anna", /Stopped\./);
    await waitUntil("no run is left", () => running.size === 0);
    expect(mostAtOnce).toBe(1);
  });
});
