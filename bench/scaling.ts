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

printHead(`Scaling: ${CALLBACKS} callbacks, ${TURNS} turns; CPU in % of one core`);
const ingressRows: string[][] = [];
for (const count of COUNTS) ingressRows.push([`${count} ingress`, ...(await measureIngress(count))]);
printTable(["", ...HEADER], ingressRows);
const workerRows: string[][] = [];
for (const count of COUNTS) workerRows.push([`${count} worker(s)`, ...(await measureWorkers(count))]);
printTable(["", ...HEADER], workerRows);

async function measureIngress(count: number): Promise<string[]> {
  const stack = await startStack({ apps, ingress: count, workers: 0 });
  try {
    const push = (total: number) =>
      Promise.all(
        stack.ingress.map(({ port }) =>
          runLoad(port, createCallbacks(stack.apps, Math.ceil(total / count)), { connections: 32 }),
        ),
      );
    await push(sized(6000, 3000, 60));
    return await usage(stack.ingress, CALLBACKS, stack.redis.client(), () => push(CALLBACKS));
  } finally {
    await stack.stop();
  }
}

async function measureWorkers(count: number): Promise<string[]> {
  const stack = await startStack({ apps, workers: count, env: { TURN_QUIET_MS: "0" } });
  try {
    const redis = stack.redis.client();
    const [ingress] = stack.ingress;
    if (ingress === undefined) throw new Error("there is no ingress");
    return await usage(stack.workers, TURNS, redis, async () => {
      await runLoad(ingress.port, createCallbacks(stack.apps, TURNS, { users: TURNS }), { connections: 8 });
      const waiting = [`${stack.prefix}:pending-turns`, `${stack.prefix}:pending-deliveries`];
      await waitUntil("all is answered", async () => (await redis.exists(...waiting)) === 0, {
        timeoutMs: 900_000,
      });
    });
  } finally {
    await stack.stop();
  }
}

/** What `work` on so many pieces took of every part's time. */
async function usage(
  services: readonly ServiceHandle[],
  pieces: number,
  redis: Parameters<typeof redisCpuMs>[0],
  work: () => Promise<unknown>,
): Promise<string[]> {
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
  const idle = cpus().length * ms - it - ofRedis - self;
  const share = (cpu: number) => ((cpu / ms) * 100).toFixed(0);
  const full = [
    it / services.length > FULL * ms ? "it" : "",
    ofRedis > FULL * ms ? "Redis" : "",
    self > FULL * ms ? "load and WeCom" : "",
    idle < (1 - FULL) * cpus().length * ms ? "all cores" : "",
  ].filter((name) => name !== "");
  return [
    ((pieces / ms) * 1000).toFixed(0),
    ((it * 1000) / pieces).toFixed(0),
    ((ofRedis * 1000) / pieces).toFixed(0),
    share(it),
    share(ofRedis),
    share(self),
    share(idle),
    full.join(", ") || "nothing",
  ];
}
