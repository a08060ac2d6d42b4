import { once } from "node:events";
import type { Acceptor, InboundMessage } from "@gateway/conversation";
import {
  createAcceptor,
  createKeys,
  createQueue,
  QUEUE_NAMES,
  wakeConversation,
} from "@gateway/conversation";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { PrivateRedis } from "../../support/private-redis.ts";
import { startPrivateRedis } from "../../support/private-redis.ts";

// Retires the risk that the job added in one step with the message differs from one that BullMQ adds.

let server: PrivateRedis;
let redis: Redis;
let acceptor: Acceptor;
const prefix = "{test}";
beforeAll(async () => {
  server = await startPrivateRedis({ appendonly: false });
  redis = server.client({ maxRetriesPerRequest: null });
  await redis.ping();
});
beforeEach(async () => {
  await redis.flushall();
  acceptor = createAcceptor({ connection: redis, prefix });
});
afterAll(() => server.stop());

function message(msgId: string, content = "hello", corpId = "ww1"): InboundMessage {
  const ids = { corpId, agentId: "2", userId: "zhangsan" };
  const common = { toUserName: "ww1", fromUserName: "zhangsan", createTime: 1_700_000_000, agentId: "2" };
  const id = `cb-${corpId}-2-zhangsan-${msgId}`;
  const text = { kind: "text" as const, content, msgId, ...common };
  return { v: 1, id, appName: "app", ...ids, receivedAtMs: 1_700_000_000_000, message: text };
}

async function evalCalls(): Promise<number> {
  const stats = await redis.info("commandstats");
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map(([, count]) => Number(count));
  return calls.reduce((sum, count) => sum + count, 0);
}

/** How often scripts were called in Redis meanwhile. */
async function scriptsRunBy(action: () => Promise<unknown>): Promise<number> {
  const before = await evalCalls();
  await action();
  return (await evalCalls()) - before;
}

/** Everything that Redis has about the inbound queue, with the id and the time of the job left out. */
async function stateOf(id: string) {
  const key = (name: string) => `${prefix}:${QUEUE_NAMES.inbound}:${name}`;
  const neutral = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(id, "ID")
        .replace(/("timestamp",?:?")\d+"/, '$1TIME"'),
    );
  const events = await redis.xrange(key("events"), "-", "+");
  return neutral({
    job: await redis.hgetall(key(id)),
    ttl: await redis.pttl(key(id)),
    wait: await redis.lrange(key("wait"), 0, -1),
    marker: await redis.zrange(key("marker"), "0", "-1", "WITHSCORES"),
    meta: await redis.hgetall(key("meta")),
    counter: await redis.get(key("id")),
    events: events.map(([, fields]) => fields),
    keys: (await redis.keys(key("*"))).sort(),
  });
}

/** The queue is opened by the first message; then it is emptied, so that the states begin alike. */
async function openQueue() {
  await acceptor.accept(message("first"));
  const queue = createQueue(QUEUE_NAMES.inbound, { connection: redis, prefix });
  await queue.drain();
  await redis.del(...["events", "marker", "id"].map((name) => `${prefix}:${QUEUE_NAMES.inbound}:${name}`));
  return queue;
}

describe("the job of a message", () => {
  it("is the one that BullMQ would add, in one step instead of two", async () => {
    const queue = await openQueue();
    expect(await scriptsRunBy(() => acceptor.accept(message("m1")))).toBe(1);
    const ours = await stateOf(message("m1").id);

    await queue.drain();
    await redis.del(...["events", "marker", "id"].map((name) => `${prefix}:${QUEUE_NAMES.inbound}:${name}`));
    const { data } = JSON.parse(JSON.stringify(ours.job));
    await queue.add("message", JSON.parse(data), { jobId: message("m2").id });
    const bullmqs = await stateOf(message("m2").id);
    expect({ ...ours, job: { ...ours.job, opts: JSON.parse(ours.job.opts) } }).toEqual({
      ...bullmqs,
      job: { ...bullmqs.job, opts: JSON.parse(bullmqs.job.opts) },
    });
    await queue.close();
  });

  it("is added once, however often the message is accepted, and again when it is missing", async () => {
    const queue = await openQueue();
    const { id } = message("m1");
    expect(await acceptor.accept(message("m1"))).toBe("accepted");
    expect(await acceptor.accept(message("m1"))).toBe("duplicate");
    expect(await queue.getWaitingCount()).toBe(1);
    await queue.remove(id);
    expect(await acceptor.accept(message("m1"))).toBe("duplicate");
    expect((await queue.getJob(id))?.data).toMatchObject({ conversation: "ww1:2:zhangsan", lane: "turn" });
    const mailbox = await redis.lrange(createKeys(prefix).mailbox("ww1:2:zhangsan"), 0, -1);
    expect(mailbox.map((entry) => JSON.parse(entry).id)).toEqual([message("first").id, id]);
    await queue.close();
  });

  it("leaves in one write with what else is accepted in the same turn of the event loop", async () => {
    const queue = await openQueue();
    const socket = redis.stream;
    const accepting = ["m1", "m2", "m3"].map((id) => acceptor.accept(message(id, "x".repeat(1000))));
    // All but the first, which waits for nobody.
    expect(socket.writableLength).toBeGreaterThan(2000);
    expect(await Promise.all(accepting)).toEqual(["accepted", "accepted", "accepted"]);
    expect(socket.writableCorked).toBe(0);
    const alone = acceptor.accept(message("m4"));
    expect(socket.writableLength).toBe(0);
    expect(await alone).toBe("accepted");
    await queue.close();
  });

  it("goes to the front of a crowd's line for who sends little, and so does what it wakes", async () => {
    const queue = await openQueue();
    const crowd = (count: number, name: string) =>
      Promise.all(Array.from({ length: count }, (_, index) => acceptor.accept(message(`${name}${index}`))));
    await crowd(60, "early");
    await crowd(200, "late");
    const calm = message("m1", "hello", "ww2");
    await acceptor.accept(calm);
    const next = await queue.getWaiting(0, 0);
    expect(next.map(({ id }) => id)).toEqual([calm.id]);
    const line = (await queue.getWaiting()).map(({ id }) => id ?? "");
    // A share of each second's messages is nobody's crowd.
    const behind = line.slice(line.indexOf(message("early59").id));
    expect(behind.filter((id) => id.includes("late")).length).toBeGreaterThan(100);

    const turns = createQueue(QUEUE_NAMES.turns, { connection: redis, prefix });
    await wakeConversation(turns, "of the crowd");
    await wakeConversation(turns, "of who sends little", { ahead: true });
    expect((await turns.getWaiting(0, 0))[0]?.data.conversation).toBe("of who sends little");
    await Promise.all([queue.close(), turns.close()]);
  });

  it.each(["the first message, which opens the queue", "a later one"])(
    "is not added where nothing was stored, because both lists are full: %s",
    async (which) => {
      const small = createAcceptor({ connection: redis, prefix, mailboxLimit: 1 });
      const queue = createQueue(QUEUE_NAMES.inbound, { connection: redis, prefix });
      const { mailbox, control } = createKeys(prefix);
      if (which === "a later one") await small.accept(message("first", "hello", "ww2"));
      const [list, lane] = [mailbox("ww1:2:zhangsan"), control("ww1:2:zhangsan")];
      await redis.rpush(list, "waits");
      await redis.rpush(lane, "waits");
      for (const refused of [message("m1", "/stop"), message("m2")]) {
        expect(await small.accept(refused)).toBe("full");
        expect(await queue.getJob(refused.id)).toBeUndefined();
      }
      expect([await redis.llen(list), await redis.llen(lane)]).toEqual([1, 1]);
      // Pushed again, it is no repetition of something that was taken.
      await redis.del(list, lane);
      expect(await small.accept(message("m1", "/stop"))).toBe("accepted");
      expect(await redis.llen(lane)).toBe(1);
      expect((await queue.getJob(message("m1").id))?.data).toMatchObject({ lane: "control" });
      await Promise.all([queue.close(), small.close()]);
    },
  );

  it("keeps half of the control lane for commands when the mailbox is full", async () => {
    const small = createAcceptor({ connection: redis, prefix, mailboxLimit: 4 });
    const { mailbox } = createKeys(prefix);
    await redis.rpush(mailbox("ww1:2:zhangsan"), "1", "2", "3", "4");
    const accept = (id: string, text: string) => small.accept(message(id, text));
    expect([await accept("m1", "a"), await accept("m2", "b"), await accept("m3", "c")]).toEqual([
      ...["accepted", "accepted", "full"],
    ]);
    expect(await accept("m4", "/stop")).toBe("accepted");
    await small.close();
  });

  it("wakes a worker that waits, and retries as configured", async () => {
    const queue = await openQueue();
    const seen: unknown[] = [];
    const worker = new Worker(
      QUEUE_NAMES.inbound,
      async ({ id, name, opts, data }) => {
        seen.push({ id, name, attempts: opts.attempts, backoff: opts.backoff, lane: data.lane });
      },
      { connection: server.client({ maxRetriesPerRequest: null }), prefix },
    );
    await worker.waitUntilReady();
    const completed = once(worker, "completed");
    await acceptor.accept(message("m1", "/stop"));
    await completed;
    const backoff = { type: "exponential", delay: 500 };
    expect(seen).toEqual([{ id: message("m1").id, name: "message", attempts: 10, backoff, lane: "control" }]);
    await worker.close();
    await queue.close();
  });
});
