/** How long the gateway needs after the death of a worker, and of Redis. */
import { setTimeout as delay } from "node:timers/promises";
import { createKeys } from "@gateway/conversation";
import { startHermes } from "../test/support/hermes/server.ts";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { printHead, printTable } from "./support/print.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = sized(5, 2, 1);
/** The default. */
const DEAD_AFTER_SECONDS = sized(10, 10, 2);
/** Workers are judged at intervals; a kill that always comes at the same moment of one would say nothing of the others. */
const JITTER_MS = sized(3000, 3000, 100);
const DOWN_MS = sized(5000, 5000, 200);
const STORED = sized(20_000, 5000, 50);

printHead(`Recovery: medians of ${ROUNDS} rounds`);
// Its runs go on whatever becomes of the worker that follows them.
const hermes = await startHermes({ agent: (run) => run.untilSteered().then(() => "") });
const stack = await startStack({
  workers: 2,
  env: {
    ...{ AGENT_RUNNER: "hermes", AGENT_URL: hermes.url, AGENT_API_KEY: hermes.apiKey },
    TURN_QUIET_MS: "0",
    WORKER_DEAD_AFTER_SECONDS: String(DEAD_AFTER_SECONDS),
  },
});
const [app] = stack.apps;
const [ingress] = stack.ingress;
if (app === undefined || ingress === undefined) throw new Error("the stack is empty");
const keys = createKeys(stack.prefix);
const redis = stack.redis.client();
try {
  const deaths: { readonly takenUpMs: number; readonly attachedMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    deaths.push(await afterWorkerDeath(`person${round}`, round));
  // Nothing but Redis and ingress is asked for in the second half.
  await Promise.all(stack.workers.map((worker) => worker.kill()));
  await push("", STORED);
  const outages: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) outages.push(await afterRedisRestart());
  const row = (what: string, ms: number[]) => [what, median(ms).toFixed(0), Math.max(...ms).toFixed(0)];
  const down = `Redis down for ${DOWN_MS / 1000} s, ${STORED} messages in it`;
  printTable(
    ["", "ms", "longest"],
    [
      row(
        "kill -9 of a worker → another has taken up its turn",
        deaths.map(({ takenUpMs }) => takenUpMs),
      ),
      row(
        "kill -9 of a worker → another follows its run, which went on",
        deaths.map(({ attachedMs }) => attachedMs),
      ),
      row(`${down}; its start (loading included) → first acknowledgement`, outages),
    ],
  );
} finally {
  await stack.stop();
  await hermes.stop();
}

async function push(userId: string, count = 1): Promise<void> {
  const from = userId === "" ? { users: 1000 } : { userId };
  const callbacks = createCallbacks(stack.apps, count, { text: "hello", ...from });
  await runLoad(ingress?.port ?? 0, callbacks, { connections: Math.min(count, 32) });
}

/** The second worker starts when the first has the run, and is then heard long enough to judge it. */
async function afterWorkerDeath(userId: string, round: number) {
  const [first, second] = round % 2 === 0 ? stack.workers : stack.workers.toReversed();
  if (first === undefined || second === undefined) throw new Error("the stack is empty");
  const turn = keys.turn(`${app?.corpId}:${app?.agentId}:${userId}`);
  const attempt = async () => Number((await redis.hget(turn, "att")) ?? 0);
  const known = hermes.runs.length;
  const asksForRun = () => {
    const id = hermes.runs[known]?.id;
    return id === undefined ? 0 : hermes.requests.filter(({ path }) => path.includes(id)).length;
  };
  await second.kill();
  await push(userId);
  await waitUntil("its run is followed", () => asksForRun() > 0, { timeoutMs: 180_000 });
  await second.start();
  await delay(DEAD_AFTER_SECONDS * 1300 + Math.random() * JITTER_MS);
  await first.kill("SIGKILL");
  const killedAt = performance.now();
  const askedBefore = asksForRun();
  await waitUntil("another worker has it", async () => (await attempt()) === 2, { timeoutMs: 180_000 });
  const takenUpMs = performance.now() - killedAt;
  await waitUntil("another worker follows it", () => asksForRun() > askedBefore, { timeoutMs: 180_000 });
  const attachedMs = performance.now() - killedAt;
  if (hermes.runs.length !== known + 1) throw new Error("the run was begun a second time");
  await first.start();
  return { takenUpMs, attachedMs };
}

async function afterRedisRestart(): Promise<number> {
  await stack.redis.kill();
  await delay(DOWN_MS);
  const startedAt = performance.now();
  await stack.redis.restart();
  await waitUntil("a callback is acknowledged", () => push("person").then(() => true), {
    timeoutMs: 60_000,
  });
  return performance.now() - startedAt;
}
