import type { DeadJob, Fence, InboundMessage, Timelines } from "@gateway/conversation";
import {
  conversationId,
  createDeadLetters,
  createKeys,
  createOutbox,
  createQueue,
  createTimelines,
  createTurnControl,
  QUEUE_NAMES,
} from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

// Retires the risk that a replay is less than what it repeats, or is found by nobody.

const ref = { corpId: "ww1", agentId: "2", userId: "zhangsan" };
const conversation = conversationId(ref);
const by = "operator";

let server: TestRedis;
let redis: Redis;
let keys: ReturnType<typeof createKeys>;
let queues: { dead: Queue; turns: Queue; deliver: Queue };
beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
  keys = createKeys(server.prefix);
  const open = (name: "dead" | "turns" | "deliver") =>
    createQueue(QUEUE_NAMES[name], { connection: redis, prefix: server.prefix });
  queues = { dead: open("dead"), turns: open("turns"), deliver: open("deliver") };
});
afterAll(async () => {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
  await server.stop();
});

const deps = () => ({ redis, keys, now: Date.now });
function lettersWith(timelines: Pick<Timelines, "append" | "read">) {
  const outbox = createOutbox(deps());
  return createDeadLetters({ ...deps(), queues, outbox, timelines, turnControl: createTurnControl(deps()) });
}

async function bury(id: string, letter: Pick<DeadJob, "what" | "messageIds" | "replyId">, stored?: string) {
  const job: DeadJob = { v: 1, conversation, code: "x", reason: "x", atMs: Date.now(), ...letter };
  if (stored !== undefined) await redis.set(keys.deadLetter(id), JSON.stringify([stored]));
  await queues.dead.add(letter.what, job, { jobId: id });
}

describe("a replayed reply", () => {
  it("has the texts for its cards, and the trace, of the one before", async () => {
    const outbox = createOutbox(deps());
    const fence: Fence = { jobId: "1", lockKey: keys.flag("lock"), token: "mine" };
    await redis.set(fence.lockKey, fence.token);
    const about = { kind: "answer" as const, conversation, messageIds: ["cb-1"], createdAtMs: 1 };
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const chunks = ['{"text":"one"}', '{"card":"two"}', '{"card":"three"}'];
    const fallbacks = { 1: '{"text":"two"}', 2: '{"text":"three"}' };
    await outbox.append({ id: "re-1", ...about, chunks, fallbacks, traceparent });
    await outbox.settleChunk("re-1", 0, fence, { state: "sent", msgId: "m" });
    await outbox.settleChunk("re-1", 1, fence, { state: "failed", code: "errcode_43012" });
    await bury("dead-re-1", { what: "reply", messageIds: ["cb-1"], replyId: "re-1" });

    const replayed = await lettersWith(createTimelines(deps())).replay("dead-re-1", by);
    expect(replayed).toEqual({ status: "replayed", as: ["re-1-replay-1"] });
    const again = await outbox.read("re-1-replay-1");
    expect(again?.chunks.map(({ body, fallback }) => [body, fallback])).toEqual([
      ['{"card":"two"}', '{"text":"two"}'],
      ['{"card":"three"}', '{"text":"three"}'],
    ]);
    expect(again?.traceparent).toBe(traceparent);
  });
});

describe("a replay that was cut off before it was written down", () => {
  it("is found by its user once it is repeated, and told once", async () => {
    const timelines = createTimelines(deps());
    const content = { kind: "text" as const, content: "hello", msgId: "1", createTime: 1 };
    const place = { toUserName: "ww1", fromUserName: "zhangsan", agentId: "2" };
    const message: InboundMessage = {
      ...{ v: 1, id: "cb-2", appName: "sales", ...ref, receivedAtMs: 1 },
      message: { ...content, ...place },
    };
    await bury("dead-cb-2", { what: "message", messageIds: ["cb-2"] }, JSON.stringify(message));
    const lost = lettersWith({
      ...timelines,
      append: () => Promise.reject(new Error("Connection is closed.")),
    });
    await expect(lost.replay("dead-cb-2", by)).rejects.toThrow();
    // Meanwhile a worker has taken it up.
    const claimed = { type: "claimed", conversation, turnId: "re-2", attempt: 1, messages: 1 } as const;
    await timelines.append(["cb-2-replay-1"], claimed);

    const letters = lettersWith(timelines);
    expect(await letters.replay("dead-cb-2", by)).toMatchObject({ as: ["cb-2-replay-1"] });
    await bury("dead-cb-2", { what: "message", messageIds: ["cb-2"] }, JSON.stringify(message));
    await letters.replay("dead-cb-2", by);
    const [found, ...others] = await timelines.search({ user: "zhangsan", limit: 10 });
    expect(others).toEqual([]);
    expect(found?.id).toBe("cb-2-replay-1");
    expect(found?.events.map(({ type }) => type)).toEqual(["again", "claimed"]);
    expect((await timelines.apps()).map(({ name }) => name)).toEqual(["sales"]);
    expect(await redis.llen(keys.mailbox(conversation))).toBe(1);
  });
});
