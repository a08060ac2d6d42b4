/** What many long turns at the same time cost one worker process: an agent that sleeps and reports its progress. */
import { setTimeout as delay } from "node:timers/promises";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { printHead, printTable, printTargets } from "./support/print.ts";
import { cpuMs, redisCalls } from "./support/process-usage.ts";
import { readSample } from "./support/read-sample.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

/** Fresh workers. */
const ROUNDS = sized(3, 1, 1);
/** Running already when those are begun whose memory is measured. */
const BEFORE = sized(250, 50, 2);
const TURNS = sized(1000, 200, 5);
const WATCHED_SECONDS = sized(20, 20, 1);
const SETTLE_SECONDS = sized(25, 25, 0);
/** Longer than all that is watched. */
const LONG = "long 1800";
const apps = Array.from({ length: 20 }, (_, index) => `app${index}`);

printHead(
  `Worker: ${TURNS} long turns beside ${BEFORE} others in one process that has answered as many short ones before; ` +
    `median of ${ROUNDS} fresh worker(s)`,
);
const rounds: Awaited<ReturnType<typeof measure>>[] = [];
for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
const all = (pick: (round: (typeof rounds)[number]) => number) => rounds.map(pick);
const memoryKb = all((round) => round.memoryKb);
const lagMs = all((round) => round.lagMs);
printTargets([
  { what: "memory per turn, KB", measured: median(memoryKb), most: 100, rounds: memoryKb },
  { what: "event-loop lag p99, ms", measured: median(lagMs), most: 50, rounds: lagMs },
]);
const row = (what: string, values: number[], digits = 0) => [what, median(values).toFixed(digits)];
printTable(
  ["", "measured"],
  [
    row(
      "memory of a worker that has just started, MB",
      all(({ freshMb }) => freshMb),
    ),
    row(
      `memory of a worker that has answered ${BEFORE + TURNS} messages, MB`,
      all(({ warmMb }) => warmMb),
    ),
    row(
      `memory with ${BEFORE + TURNS} turns, MB`,
      all(({ fullMb }) => fullMb),
    ),
    row(
      "Redis commands per turn and minute",
      all((round) => round.callsPerTurn),
      1,
    ),
    row(
      "Redis commands per minute of an idle worker",
      all(({ idleCalls }) => idleCalls),
    ),
    row(
      "worker's CPU, % of a core",
      all(({ cpuPercent }) => cpuPercent),
    ),
  ],
);

/**
 * Memory is the slope between two numbers of turns: what a process takes once, because it has done anything at all
 * (compiled code, the heap's room for what is young), is no turn's.
 */
async function measure() {
  const turns = BEFORE + TURNS;
  const stack = await startStack({
    apps,
    metrics: true,
    // Twice as many places: an app may have no more than are left free.
    env: { WORKER_CONCURRENCY: String(turns * 2), TURN_QUIET_MS: "0" },
  });
  const redis = stack.redis.client();
  const [worker] = stack.workers;
  const [ingress] = stack.ingress;
  if (worker === undefined || ingress === undefined) throw new Error("the stack is empty");
  const metric = (name: string) => readSample(worker.metricsUrl, name);
  const memoryMb = async () => (await metric("process_resident_memory_bytes")) / 1e6;
  const callsPerMinute = async () => {
    const before = await redisCalls(redis);
    await delay(WATCHED_SECONDS * 1000);
    return ((await redisCalls(redis)) - before) * (60 / WATCHED_SECONDS);
  };
  /** Their people are new ones. Their start and their first notice are behind them when it resolves. */
  const begin = async (from: number, to: number) => {
    const callbacks = createCallbacks(stack.apps, to, { users: to, text: LONG }).slice(from);
    await runLoad(ingress.port, callbacks, { connections: 8 });
    await waitUntil("all turns run", async () => (await metric("gateway_runs_running")) >= to, {
      timeoutMs: 300_000,
    });
    await delay(SETTLE_SECONDS * 1000);
  };
  try {
    const freshMb = await memoryMb();
    const short = createCallbacks(stack.apps, turns, { users: turns, text: "hello" });
    await runLoad(ingress.port, short, { connections: 8 });
    const waiting = [`${stack.prefix}:pending-turns`, `${stack.prefix}:pending-deliveries`];
    await waitUntil("all is answered", async () => (await redis.exists(...waiting)) === 0, {
      timeoutMs: 300_000,
    });
    const idleCalls = await callsPerMinute();
    const warmMb = await memoryMb();
    await begin(0, BEFORE);
    const beforeMb = await memoryMb();
    await begin(BEFORE, turns);
    await metric("nodejs_eventloop_lag_p99_seconds");
    const cpuBefore = cpuMs(worker.process.pid);
    const calls = await callsPerMinute();
    const lag = await metric("nodejs_eventloop_lag_p99_seconds");
    const fullMb = await memoryMb();
    if ((await metric("gateway_runs_running")) !== turns) throw new Error("a turn has ended meanwhile");
    return {
      ...{ freshMb, warmMb, fullMb, idleCalls },
      memoryKb: ((fullMb - beforeMb) * 1000) / TURNS,
      lagMs: lag * 1000,
      callsPerTurn: (calls - idleCalls) / turns,
      cpuPercent: (cpuMs(worker.process.pid) - cpuBefore) / (WATCHED_SECONDS * 10),
    };
  } finally {
    await stack.stop();
  }
}
