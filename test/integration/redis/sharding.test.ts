import { afterEach, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import type { Topology } from "../../support/redis-topologies.ts";
import { startCluster } from "../../support/redis-topologies.ts";
import { createService } from "../../support/service.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that gateways which share a cluster, each with a prefix of its own, are not independent.

/** A third of the 16,384 slots: what each of the three primaries holds. */
const SLOTS_EACH = 5461;

let topology: Topology | undefined;
const stacks: Stack[] = [];
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  await topology?.stop();
});

async function begin(redisUrl: string, prefix: string): Promise<Stack> {
  const stack = await startStack({ env: { REDIS_URL: redisUrl, REDIS_PREFIX: prefix } });
  stacks.push(stack);
  return stack;
}

/** A prefix for each of two primaries. */
async function twoPrefixes(clusterUrl: string): Promise<[string, string]> {
  const node = new Redis(Number(new URL(clusterUrl.split(",")[0] ?? "").port));
  const first = "{wgw-1}";
  const primaryOf = async (prefix: string) =>
    Math.floor(Number(await node.cluster("KEYSLOT", prefix)) / SLOTS_EACH);
  try {
    for (let number = 2; number < 100; number += 1) {
      const other = `{wgw-${number}}`;
      if ((await primaryOf(other)) !== (await primaryOf(first))) return [first, other];
    }
    throw new Error("all prefixes are on one primary");
  } finally {
    node.disconnect();
  }
}

async function isAnswered(stack: Stack, user: string): Promise<void> {
  await waitUntil(`${user} is answered`, () => stack.emulator.seen({ app: "main", user }).length > 0, {
    timeoutMs: 60_000,
    describe: () => stack.logs(),
  });
}

it("one gateway's primary is lost: the other gateway does not notice, the first recovers", async () => {
  topology = await startCluster();
  const [one, other] = await twoPrefixes(topology.url);
  const lost = await begin(topology.url, one);
  const spared = await begin(topology.url, other);
  const say = (stack: Stack, user: string) => stack.emulator.pushText({ app: "main", user, text: "hello" });
  for (const stack of stacks) {
    expect(await say(stack, "before")).toMatchObject({ status: "acknowledged" });
    await isAnswered(stack, "before");
  }

  await topology.killPrimary(one);
  const recovered = waitUntil(
    "the first takes messages again",
    async () => (await say(lost, "after")).status === "acknowledged",
    { timeoutMs: 90_000, describe: () => lost.logs() },
  );
  let isOver = false;
  void recovered.finally(() => {
    isOver = true;
  });
  const pushes = [];
  while (!isOver) pushes.push(await say(spared, `during-${pushes.length}`));
  await recovered;

  expect(pushes.filter(({ attempts }) => attempts.length > 1)).toEqual([]);
  await isAnswered(spared, `during-${pushes.length - 1}`);
  await isAnswered(lost, "after");
}, 240_000);

it("an app that moves to another gateway: the old one answers what it has, the new one what comes", async () => {
  const old = await startStack();
  stacks.push(old);
  const { emulator, env } = old;
  const [oldWorker] = old.workers;
  if (oldWorker === undefined) throw new Error("no worker");
  const other = { ...env, REDIS_PREFIX: "{wgw-2}", WECOM_CALLBACK_PATH: "/wecom/second" };
  const ingress = await createService({
    service: "ingress",
    portVariable: "WECOM_CALLBACK_PORT",
    env: other,
  });
  const worker = await createService({ service: "worker", portVariable: "WORKER_HEALTH_PORT", env: other });
  try {
    await Promise.all([ingress.start(), worker.start()]);
    await oldWorker.kill();
    const say = (user: string, callbackUrl: string) =>
      emulator.pushText({ app: "main", user, text: "hello", callbackUrl });
    const [oldUrl = ""] = old.callbackUrls;
    expect(await say("early", oldUrl)).toMatchObject({ status: "acknowledged" });
    expect(await say("late", `${ingress.url}/wecom/second`)).toMatchObject({ status: "acknowledged" });
    await isAnswered(old, "late");
    expect(emulator.seen({ app: "main", user: "early" })).toEqual([]);
    await oldWorker.start();
    await isAnswered(old, "early");
    expect(emulator.sent({ app: "main" })).toHaveLength(2);
  } finally {
    await Promise.all([ingress.kill(), worker.kill()]);
  }
}, 120_000);
