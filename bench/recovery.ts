/** How long the gateway needs after the death of a worker, and of Redis. */
import { setTimeout as delay } from "node:timers/promises";
import { createKeys } from "@gateway/conversation";
import { startStack } from "../test/support/stack.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { createCallbacks } from "./support/callbacks.ts";
import { printHead, printTable } from "./support/print.ts";
import { runLoad } from "./support/run-load.ts";
import { sized } from "./support/scale.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = sized(3, 2, 1);
const LONG_RUN = "long 600";
/** The default. */
const DEAD_AFTER_SECONDS = sized(10, 10, 2);

printHead(`Recovery: medians of ${ROUNDS} rounds`);
const stack = await startStack({
  workers: 2,
  env: { TURN_QUIET_MS: "0", WORKER_DEAD_AFTER_SECONDS: String(DEAD_AFTER_SECONDS) },
});
const keys = createKeys(stack.prefix);
const redis = stack.redis.client();
try {
  const deaths: number[] = [];
  const outages: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) deaths.push(await afterWorkerDeath(round));
  for (let round = 0; round < ROUNDS; round += 1) outages.push(await afterRedisRestart());
  const row = (what: string, ms: number[]) => [what, median(ms).toFixed(0), Math.max(...ms).toFixed(0)];
  printTable(
    ["", "ms", "longest"],
    [
      row("kill -9 of a worker → its run goes on elsewhere", deaths),
      row("restart of Redis (its own start included) → first acknowledgement", outages),
    ],
  );
} finally {
  await stack.stop();
}

async function push(userId: string, text: string): Promise<void> {
  const [app] = stack.apps;
  const [ingress] = stack.ingress;
  if (app === undefined || ingress === undefined) throw new Error("the stack is empty");
  const callbacks = createCallbacks([app], 1, { text, userId });
  await runLoad(ingress.port, callbacks, { connections: 1 });
}

/** The second worker starts when the first has the run, and is then heard long enough to judge it. */
async function afterWorkerDeath(round: number): Promise<number> {
  const userId = `person${round}`;
  const [app] = stack.apps;
  const [first, second] = round % 2 === 0 ? stack.workers : stack.workers.toReversed();
  if (app === undefined || first === undefined || second === undefined) throw new Error("the stack is empty");
  const turn = keys.turn(`${app.corpId}:${app.agentId}:${userId}`);
  const attempt = async () => Number((await redis.hget(turn, "att")) ?? 0);
  await second.kill();
  await push(userId, LONG_RUN);
  await waitUntil("the run has begun", async () => (await attempt()) === 1, { timeoutMs: 180_000 });
  await second.start();
  await delay(DEAD_AFTER_SECONDS * 1300);
  const killedAt = performance.now();
  await first.kill("SIGKILL");
  await waitUntil("another worker has it", async () => (await attempt()) === 2, { timeoutMs: 180_000 });
  const tookMs = performance.now() - killedAt;
  await first.start();
  return tookMs;
}

async function afterRedisRestart(): Promise<number> {
  await stack.redis.kill();
  const startedAt = performance.now();
  await stack.redis.restart();
  await waitUntil("a callback is acknowledged", () => push("person", "hello").then(() => true), {
    timeoutMs: 60_000,
  });
  return performance.now() - startedAt;
}
