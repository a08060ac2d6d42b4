/** What many long turns at the same time cost one worker process: an agent that sleeps and reports its progress. */
import { setTimeout as delay } from "node:timers/promises";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { print, printHead, printTable, printTargets } from "./support/print.ts";
import { cpuMs, redisCalls } from "./support/process-usage.ts";
import { readSample } from "./support/read-sample.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";

const TURNS = sized(1000, 200, 5);
const WATCHED_SECONDS = sized(40, 20, 1);
const SETTLE_SECONDS = sized(25, 25, 0);
/** Longer than all that is watched. */
const MESSAGE = "long 1800";

printHead(`Worker: ${TURNS} long turns in one process, watched for ${WATCHED_SECONDS} s`);
const apps = Array.from({ length: 20 }, (_, index) => `app${index}`);
const stack = await startStack({
  apps,
  metrics: true,
  // Twice as many places: an app may have no more than are left free.
  env: { WORKER_CONCURRENCY: String(TURNS * 2), TURN_QUIET_MS: "0" },
});
const redis = stack.redis.client();
try {
  const [worker] = stack.workers;
  const [ingress] = stack.ingress;
  if (worker === undefined || ingress === undefined) throw new Error("the stack is empty");
  const metric = (name: string) => readSample(worker.metricsUrl, name);
  const running = () => metric("gateway_runs_running");
  const idle = { rss: await metric("process_resident_memory_bytes"), calls: await callsPerMinute() };
  await runLoad(ingress.port, createCallbacks(stack.apps, TURNS, { users: TURNS, text: MESSAGE }), {
    connections: 8,
  });
  await waitUntil("all turns run", async () => (await running()) >= TURNS, { timeoutMs: 300_000 });

  // Their start and their first notice are behind them.
  await delay(SETTLE_SECONDS * 1000);
  await metric("nodejs_eventloop_lag_p99_seconds");
  const cpuBefore = cpuMs(worker.process.pid);
  const calls = await callsPerMinute();
  const lagMs = (await metric("nodejs_eventloop_lag_p99_seconds")) * 1000;
  const cpuShare = (cpuMs(worker.process.pid) - cpuBefore) / (WATCHED_SECONDS * 10);
  const rss = await metric("process_resident_memory_bytes");
  printTargets([
    { what: "memory per turn, KB", measured: (rss - idle.rss) / 1000 / TURNS, most: 100 },
    { what: "event-loop lag p99, ms", measured: lagMs, most: 50 },
  ]);
  printTable(
    ["", "measured"],
    [
      ["memory of the idle worker, MB", (idle.rss / 1e6).toFixed(0)],
      ["Redis commands per turn and minute", ((calls - idle.calls) / TURNS).toFixed(1)],
      ["Redis commands per minute of an idle worker", idle.calls.toFixed(0)],
      ["worker's CPU, % of a core", cpuShare.toFixed(0)],
    ],
  );
  print(`${await running()} turns were running at the end.`);
} finally {
  await stack.stop();
}

async function callsPerMinute(): Promise<number> {
  const before = await redisCalls(redis);
  await delay(WATCHED_SECONDS * 1000);
  return ((await redisCalls(redis)) - before) * (60 / WATCHED_SECONDS);
}
