/** One ingress against three, one worker against three, and which part has nothing left to give. */
import { cpus } from "node:os";
import type { ServiceHandle } from "../test/support/service.ts";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { printHead, printTable } from "./support/print.ts";
import { cpuMs, redisCpuMs } from "./support/process-usage.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

/** Each number of processes is measured so often, in turns. */
const ROUNDS = sized(3, 1, 1);
const CALLBACKS = sized(12_000, 3000, 60);
const TURNS = sized(3000, 1000, 40);
const COUNTS = sized([1, 3], [1, 3], [1]);
const apps = Array.from({ length: 20 }, (_, index) => `app${index}`);
/** Busier than this share of its core is full. */
const FULL = 0.85;
const HEADER = [
  "per second",
  "its CPU µs each",
  "Redis CPU µs each",
  "CPU: it",
  "Redis",
  "load and WeCom",
  "idle",
  "full",
];

printHead(
  `Scaling: ${CALLBACKS} callbacks, ${TURNS} turns; CPU in % of one core; medians of ${ROUNDS} round(s)`,
);
printTable(["", ...HEADER], await compare("ingress", measureIngress));
printTable(["", ...HEADER], await compare("worker(s)", measureWorkers));

async function compare(what: string, measure: (count: number) => Promise<Usage>): Promise<string[][]> {
  const usages = COUNTS.map((count) => ({ count, rounds: [] as Usage[] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { count, rounds } of usages) rounds.push(await measure(count));
  }
  return usages.map(({ count, rounds }) => {
    const middle = (pick: (usage: Usage) => number) => median(rounds.map(pick));
    const share = (pick: (usage: Usage) => number) => (middle(pick) * 100).toFixed(0);
    return [
      `${count} ${what}`,
      middle(({ perSecond }) => perSecond).toFixed(0),
      middle(({ cpuUs }) => cpuUs).toFixed(0),
      middle(({ redisUs }) => redisUs).toFixed(0),
      ...[share(({ it }) => it), share(({ redis }) => redis), share(({ self }) => self)],
      share(({ idle }) => idle),
      namesOfFull(count, middle),
    ];
  });
}

async function measureIngress(count: number): Promise<Usage> {
  const stack = await startStack({ apps, ingress: count, workers: 0 });
  try {
    // Sealed before the clock starts.
    const prepare = (total: number) => {
      const loads = stack.ingress.map(({ port }) => {
        return { port, callbacks: createCallbacks(stack.apps, Math.ceil(total / count)) };
      });
      return () =>
        Promise.all(loads.map(({ port, callbacks }) => runLoad(port, callbacks, { connections: 32 })));
    };
    await prepare(sized(6000, 3000, 60))();
    return await usage(stack.ingress, CALLBACKS, stack.redis.client(), prepare(CALLBACKS));
  } finally {
    await stack.stop();
  }
}

async function measureWorkers(count: number): Promise<Usage> {
  const stack = await startStack({ apps, workers: count, env: { TURN_QUIET_MS: "0" } });
  try {
    const redis = stack.redis.client();
    const [ingress] = stack.ingress;
    if (ingress === undefined) throw new Error("there is no ingress");
    const callbacks = createCallbacks(stack.apps, TURNS, { users: TURNS });
    return await usage(stack.workers, TURNS, redis, async () => {
      await runLoad(ingress.port, callbacks, { connections: 8 });
      const waiting = [`${stack.prefix}:pending-turns`, `${stack.prefix}:pending-deliveries`];
      await waitUntil("all is answered", async () => (await redis.exists(...waiting)) === 0, {
        timeoutMs: 900_000,
      });
    });
  } finally {
    await stack.stop();
  }
}

/** Shares are of one core. */
interface Usage {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly redisUs: number;
  readonly it: number;
  readonly redis: number;
  readonly self: number;
  readonly idle: number;
}

/** What `work` on so many pieces took of every part's time. */
async function usage(
  services: readonly ServiceHandle[],
  pieces: number,
  redis: Parameters<typeof redisCpuMs>[0],
  work: () => Promise<unknown>,
): Promise<Usage> {
  const taken = async () => ({
    it: services.reduce((sum, { process }) => sum + cpuMs(process.pid), 0),
    redis: await redisCpuMs(redis),
    self: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
  });
  const before = await taken();
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  const after = await taken();
  const it = after.it - before.it;
  const ofRedis = after.redis - before.redis;
  const self = after.self - before.self;
  return {
    perSecond: (pieces / ms) * 1000,
    cpuUs: (it * 1000) / pieces,
    redisUs: (ofRedis * 1000) / pieces,
    it: it / ms,
    redis: ofRedis / ms,
    self: self / ms,
    idle: cpus().length - (it + ofRedis + self) / ms,
  };
}

function namesOfFull(processes: number, middle: (pick: (usage: Usage) => number) => number): string {
  const full = [
    middle(({ it }) => it) / processes > FULL ? "it" : "",
    middle(({ redis }) => redis) > FULL ? "Redis" : "",
    middle(({ self }) => self) > FULL ? "load and WeCom" : "",
    middle(({ idle }) => idle) < (1 - FULL) * cpus().length ? "all cores" : "",
  ].filter((name) => name !== "");
  return full.join(", ") || "nothing";
}
