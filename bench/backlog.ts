/** A burst while no worker is there, what a backlog costs, and how fast it drains. */
import type { Redis } from "ioredis";
import type { ServiceHandle } from "../test/support/service.ts";
import { createService } from "../test/support/service.ts";
import type { Stack } from "../test/support/stack.ts";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import type { Target } from "./support/print.ts";
import { printHead, printTable, printTargets } from "./support/print.ts";
import { redisMemoryBytes } from "./support/process-usage.ts";
import type { LoadResult } from "./support/run-load.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median, percentile } from "./support/statistics.ts";

const BURST = sized(20_000, 4000, 200);
const BACKLOG = sized(100_000, 10_000, 200);
const ROUNDS = sized(9, 5, 1);
const PER_ROUND = sized(2000, 1000, 50);
const WARM_UP = sized(2000, 1000, 100);
const BATCH = 5000;
const apps = Array.from({ length: 20 }, (_, index) => `app${index}`);

printHead(`Burst and backlog: ${BURST} callbacks as fast as they come, then ${BACKLOG} waiting`);
const targets = [...(await burstThenDrain()), await ackWithBacklog()];
printTargets(targets);

async function burstThenDrain(): Promise<Target[]> {
  const stack = await startStack({ apps, workers: 0, env: { TURN_QUIET_MS: "0" } });
  const worker = await createService({
    service: "worker",
    portVariable: "WORKER_HEALTH_PORT",
    env: stack.env,
  });
  try {
    const redis = stack.redis.client();
    const freshBytes = await redisMemoryBytes(redis);
    // What Redis takes once, for its scripts and the queues themselves, is no message's.
    await fill(stack, WARM_UP);
    const emptyBytes = await redisMemoryBytes(redis);
    const { latenciesMs, seconds: fillSeconds } = await burst(stack);
    const bytesEach = ((await redisMemoryBytes(redis)) - emptyBytes) / BURST;
    const startedAt = performance.now();
    await worker.start();
    await waitUntil(
      "everything is answered",
      async () =>
        (await redis.exists(`${stack.prefix}:pending-turns`, `${stack.prefix}:pending-deliveries`)) === 0,
      { timeoutMs: 1_800_000 },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const answered = WARM_UP + BURST;
    const leftBytes = ((await redisMemoryBytes(redis)) - freshBytes) / answered;
    printTable(
      [`${BURST} callbacks, workers off, then on`, ""],
      [
        ["callbacks without an acknowledgement", String(BURST - latenciesMs.length)],
        ["acknowledgements per second", (BURST / fillSeconds).toFixed(0)],
        ["p99 of an acknowledgement, ms", percentile(latenciesMs, 0.99).toFixed(1)],
        ["messages per second that one worker answers", (answered / seconds).toFixed(0)],
        ["Redis bytes that an answered message leaves: timeline, jobs, session", leftBytes.toFixed(0)],
      ],
    );
    return [{ what: "Redis bytes per waiting message of 200 bytes", measured: bytesEach, most: 3000 }];
  } finally {
    await worker.kill();
    await stack.stop();
  }
}

/** Two gateways take turns, that have taken the same before: one with nothing waiting any more, one with all of it. */
async function ackWithBacklog(): Promise<Target> {
  const start = () => startStack({ apps, workers: 0 });
  const [empty, full] = await Promise.all([start(), start()]);
  try {
    await fill(empty, BACKLOG);
    await fill(full, BACKLOG);
    const client = empty.redis.client();
    await measure(empty, client);
    await measure(full);
    const p99 = { empty: [] as number[], full: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const ofEmpty = async () => void p99.empty.push(await measure(empty, client));
      const ofFull = async () => void p99.full.push(await measure(full));
      for (const next of round % 2 === 0 ? [ofEmpty, ofFull] : [ofFull, ofEmpty]) await next();
    }
    const ratios = p99.full.map((ms, round) => ms / (p99.empty[round] ?? Number.NaN));
    const what = `p99 of an acknowledgement with ${BACKLOG} waiting / with none`;
    return { what, measured: median(ratios), most: 1.2, digits: 2, rounds: ratios };
  } finally {
    await Promise.all([empty.stop(), full.stop()]);
  }
}

async function measure(stack: Stack, emptied?: Redis): Promise<number> {
  await emptied?.flushall();
  return percentile(await fill(stack, PER_ROUND, 8), 0.99);
}

/** Sealed before the clock starts. */
function burst(stack: Stack): Promise<LoadResult> {
  const callbacks = createCallbacks(stack.apps, BURST, { users: 1000 });
  return runLoad(ingressOf(stack).port, callbacks, { connections: 32 });
}

function ingressOf(stack: Stack): ServiceHandle {
  const [ingress] = stack.ingress;
  if (ingress === undefined) throw new Error("there is no ingress");
  return ingress;
}

/** From many people, so that no mailbox is full. In batches: sealing them all first would take their memory. */
async function fill(stack: Stack, count: number, connections = 32): Promise<number[]> {
  const ingress = ingressOf(stack);
  const latenciesMs: number[] = [];
  for (let left = count; left > 0; left -= BATCH) {
    const callbacks = createCallbacks(stack.apps, Math.min(left, BATCH), { users: 1000 });
    latenciesMs.push(...(await runLoad(ingress.port, callbacks, { connections })).latenciesMs);
  }
  return latenciesMs.sort((a, b) => a - b);
}
