import { createKeys, createTimelines, digestTimeline } from "@gateway/conversation";
import { expect, it } from "@jest/globals";
import { freePort } from "../../scripts/lib/ports.mjs";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import { conversationsOf } from "./conversations.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { startFaultStack } from "./fault-stack.ts";

it("takes a dead letter back when its worker was lost before the commit and the next one answers", async () => {
  const redisPort = await freePort();
  const proxy = await startFaultProxy(redisPort);
  const gateway = await startFaultStack({
    workers: 1,
    redisPort,
    env: { REDIS_URL: `redis://${proxy.address}` },
  });
  try {
    const { say, answered } = conversationsOf(gateway)();
    const commit = proxy.holdRequest((bytes) => bytes.includes("\r\nfailure\r\n"));
    const id = await say("fail-first");
    const worker = await gateway.runner(id);
    await commit.held;
    const letters = async () => (await gateway.history()).filter(({ type }) => type === "dead-letter");
    expect(await letters()).toMatchObject([{ messages: [id], code: "agent" }]);

    await gateway.kill(worker);
    await worker.start();
    await answered(id);
    await gateway.untilQuiet(30_000);
    expect(await letters()).toEqual([]);
    expect(await gateway.redis.keys(`${gateway.stack.prefix}:dead-letter*`)).toEqual([]);
    expect(checkHistory(await gateway.history(), { maxAttempts: 2, toldWithinMs: 30_000 })).toEqual([]);
    const timelines = createTimelines({
      redis: gateway.redis,
      keys: createKeys(gateway.stack.prefix),
      now: Date.now,
    });
    const [messageId = ""] = (await gateway.redis.keys("*")).flatMap(
      (key) => /(?<=:timeline:)cb-[^:]+$/.exec(key) ?? [],
    );
    // What is written of a message may come a little after its answer.
    const state = async () => digestTimeline(await timelines.read(messageId))?.state;
    await waitUntil("its timeline says so, too", async () => (await state()) === "delivered");
  } finally {
    await gateway.stop();
    await proxy.close();
  }
}, 120_000);
