import { once } from "node:events";
import type { Fence, InboundMessage, Mailbox, Outbox, ReplyPlan } from "@gateway/conversation";
import {
  conversationId,
  createAcceptor,
  createKeys,
  createMailbox,
  createOutbox,
  createQueue,
  QUEUE_NAMES,
  reconcile,
} from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";

// Retires the risk that a crash, a second worker or a lost answer consumes a message without its reply.

let server: TestRedis;
let redis: Redis;
let mailbox: Mailbox;
let outbox: Outbox;
let keys: ReturnType<typeof createKeys>;
let users = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
  await redis.ping();
  keys = createKeys(server.prefix);
  mailbox = createMailbox({
    redis,
    keys,
    turnsLockPrefix: `${server.prefix}:turns:`,
    outboxOf: (conversation) => conversation,
    now: Date.now,
  });
  outbox = createOutbox({ redis, keys, now: Date.now });
});
afterAll(() => server.stop());

function message(userId: string, msgId: string, content = "hello"): InboundMessage {
  return {
    v: 1,
    id: `cb-ww1-2-${userId}-${msgId}`,
    appName: "app",
    corpId: "ww1",
    agentId: "2",
    userId,
    receivedAtMs: 1_700_000_000_000,
    message: {
      kind: "text",
      content,
      msgId,
      toUserName: "ww1",
      fromUserName: userId,
      createTime: 1_700_000_000,
      agentId: "2",
    },
  };
}

const take = (count: number) => () => ({ take: count });

function newConversation() {
  const userId = `user-${++users}`;
  return { userId, id: conversationId({ corpId: "ww1", agentId: "2", userId }) };
}

/** What BullMQ does when it hands out a job: the lock holds the token. */
async function lockJob(jobId: string, token = `${jobId}-token`): Promise<Fence> {
  const fence = { jobId, lockKey: `${server.prefix}:turns:${jobId}:lock`, token };
  await redis.set(fence.lockKey, token);
  return fence;
}

async function accept(userId: string, ...msgIds: string[]): Promise<void> {
  const acceptor = createAcceptor({ connection: redis, prefix: server.prefix });
  for (const msgId of msgIds) await acceptor.accept(message(userId, msgId));
  await acceptor.close();
}

function plan(conversation: string, id: string): ReplyPlan {
  return {
    id,
    kind: "answer",
    conversation,
    messageIds: ["m"],
    createdAtMs: Date.now(),
    chunks: ['{"a":1}', '{"b":2}'],
  };
}

describe("accept", () => {
  it("takes a message once, however often it is pushed, and records it as a job", async () => {
    const { userId, id } = newConversation();
    const acceptor = createAcceptor({ connection: redis, prefix: server.prefix });
    const pushed = message(userId, "4561255354251345929");
    const results = await Promise.all([1, 2, 3].map(() => acceptor.accept(pushed)));
    await acceptor.close();
    expect(results.sort()).toEqual(["accepted", "duplicate", "duplicate"]);
    expect(await redis.llen(keys.mailbox(id))).toBe(1);
    const inbound = createQueue(QUEUE_NAMES.inbound, { connection: redis, prefix: server.prefix });
    const job = await inbound.getJob(pushed.id);
    await inbound.close();
    expect(job?.data).toMatchObject({ conversation: id, user: userId, kind: "text" });
    expect(JSON.stringify(job)).not.toContain("hello");
  });

  it("rejects when Redis is gone, and accepting again afterwards is right", async () => {
    const { userId, id } = newConversation();
    const producer = server.client({ enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    await once(producer, "ready");
    const acceptor = createAcceptor({ connection: producer, prefix: server.prefix });
    producer.disconnect();
    await expect(acceptor.accept(message(userId, "1"))).rejects.toThrow();
    await accept(userId, "1");
    expect(await redis.llen(keys.mailbox(id))).toBe(1);
  });
});

describe("claim and commit", () => {
  it("consumes messages and stores their reply in one step, in order", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1", "2");
    const fence = await lockJob("job-1");
    const claim = await mailbox.claim(id, fence, take(1));
    expect(claim).toMatchObject({ status: "claimed", attempt: 1, entries: [{ message: { userId } }] });
    expect(await mailbox.commit(id, fence, 1, { plans: [plan(id, "r-1")] })).toEqual({
      status: "committed",
      remaining: 1,
    });
    expect(await outbox.head(id, fence)).toMatchObject({ status: "reply", replyId: "r-1" });
    const next = await mailbox.claim(id, fence, take(1));
    expect(next.status === "claimed" && next.entries[0]?.message?.id).toContain("-2");
  });

  it("hands an uncommitted claim out again, whole, as the next attempt", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    await mailbox.claim(id, await lockJob("job-2"), take(5));
    await accept(userId, "2");
    const again = await mailbox.claim(id, await lockJob("job-2", "another-token"), take(5));
    expect(again).toMatchObject({ status: "claimed", attempt: 2 });
    expect(again.status === "claimed" && again.entries).toHaveLength(1);
  });

  it("does nothing for a worker whose lock is gone or taken", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    const zombie = await lockJob("job-3", "zombie");
    expect((await mailbox.claim(id, zombie, take(1))).status).toBe("claimed");
    const owner = await lockJob("job-3", "owner");
    expect((await mailbox.claim(id, zombie, take(1))).status).toBe("lost");
    expect((await mailbox.commit(id, zombie, 1, { plans: [plan(id, "r-zombie")] })).status).toBe("lost");
    expect(await outbox.read("r-zombie")).toBeUndefined();
    expect(await mailbox.claim(id, owner, take(1))).toMatchObject({ status: "claimed", attempt: 2 });
  });

  it("lets only one of two live jobs own a conversation", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    const first = await lockJob("job-4");
    const second = await lockJob("job-5");
    expect((await mailbox.claim(id, first, take(1))).status).toBe("claimed");
    expect((await mailbox.claim(id, second, take(1))).status).toBe("busy");
    await redis.del(first.lockKey);
    expect((await mailbox.claim(id, second, take(1))).status).toBe("claimed");
    expect(
      (await mailbox.commit(id, await lockJob("job-4"), 1, { plans: [plan(id, "r-late")] })).status,
    ).toBe("superseded");
  });

  it("may be repeated after a lost answer: one reply, nothing consumed twice", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1", "2");
    const fence = await lockJob("job-6");
    await mailbox.claim(id, fence, take(1));
    const reply = plan(id, "r-twice");
    expect((await mailbox.commit(id, fence, 1, { plans: [reply] })).status).toBe("committed");
    expect((await mailbox.commit(id, fence, 1, { plans: [reply] })).status).toBe("committed");
    expect(await redis.llen(keys.mailbox(id))).toBe(1);
    expect(await redis.llen(keys.outbox(id))).toBe(1);
  });

  it("does not count an attempt that was given back", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    const fence = await lockJob("job-7");
    await mailbox.claim(id, fence, take(1));
    expect(await mailbox.release(id, fence)).toBe(true);
    expect(await mailbox.claim(id, fence, take(1))).toMatchObject({ attempt: 1 });
  });

  it("hands what has cost two workers only to who runs it alone, with the same attempts", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    for (const worker of ["first", "second"])
      await mailbox.claim(id, await lockJob("job-12", worker), take(1));
    const third = await lockJob("job-12", "third");
    for (const _ of [1, 2])
      expect(await mailbox.claim(id, third, take(1))).toEqual({ status: "suspect", attempts: 2 });
    expect(await mailbox.claim(id, third, take(1), { alone: true })).toMatchObject({ attempt: 3, losses: 2 });
  });

  it("blames no message for workers that gave it back, or whose agents failed", async () => {
    const { userId, id } = newConversation();
    await accept(userId, "1");
    for (const attempt of [1, 2, 3]) {
      const fence = await lockJob("job-13", `worker-${attempt}`);
      const again = attempt === 1 ? undefined : "failed";
      expect(await mailbox.claim(id, fence, take(1))).toMatchObject({ attempt, losses: 0, again });
      await mailbox.release(id, fence, { begun: true });
      expect(await mailbox.claim(id, fence, take(1))).toMatchObject({ attempt, again: "cut_off" });
      expect(await mailbox.endAttempt(id, fence)).toBe(true);
      expect(await mailbox.endAttempt(id, { ...fence, token: "another" })).toBe(false);
    }
  });

  it("hands on an entry that cannot be read instead of stumbling over it", async () => {
    const { id } = newConversation();
    await redis.rpush(keys.mailbox(id), '{"v":99}');
    const claim = await mailbox.claim(id, await lockJob("job-8"), take(1));
    expect(claim.status === "claimed" && claim.entries[0]).toMatchObject({
      raw: '{"v":99}',
      message: undefined,
    });
  });
});

describe("outbox", () => {
  it("keeps the state of each chunk and never lets a lost lock begin one", async () => {
    const { id } = newConversation();
    const fence = await lockJob("job-9");
    expect(await outbox.append(plan(id, "r-9"))).toBe(true);
    expect(await outbox.append(plan(id, "r-9"))).toBe(false);
    expect(await outbox.beginChunk("r-9", 0, fence)).toBe("begun");
    expect(await outbox.beginChunk("r-9", 1, { ...fence, token: "other" })).toBe("lost");
    await redis.set(fence.lockKey, "a new owner");
    expect(await outbox.settleChunk("r-9", 0, fence, { state: "pending", code: "x" })).toBe(false);
    // That it was sent is a fact, whoever says so.
    expect(await outbox.settleChunk("r-9", 0, fence, { state: "sent", msgId: "m-1" })).toBe(true);
    const stored = await outbox.read("r-9");
    expect(stored?.chunks.map(({ state, result }) => [state, result])).toEqual([
      ["sent", "m-1"],
      ["pending", undefined],
    ]);
    expect(await outbox.beginChunk("r-9", 0, { ...fence, token: "a new owner" })).toBe("settled");
  });

  it("takes only its head off, and keeps the record", async () => {
    const { id } = newConversation();
    const fence = await lockJob("job-10");
    await outbox.append(plan(id, "r-a"));
    await outbox.append(plan(id, "r-b"));
    await outbox.finish(id, "r-b", fence, "sent");
    expect(await outbox.head(id, fence)).toMatchObject({ replyId: "r-a" });
    await outbox.finish(id, "r-a", fence, "sent");
    await outbox.finish(id, "r-a", fence, "sent");
    expect(await outbox.head(id, fence)).toMatchObject({ replyId: "r-b" });
    expect((await outbox.read("r-a"))?.chunks).toHaveLength(2);
  });
});

describe("reconcile", () => {
  it("wakes what lost its wake-up and leaves alone what is being worked on", async () => {
    const lost = newConversation();
    const running = newConversation();
    await accept(lost.userId, "1");
    await accept(running.userId, "1");
    await mailbox.claim(running.id, await lockJob("job-11"), take(1));
    const turns = createQueue(QUEUE_NAMES.turns, { connection: redis, prefix: server.prefix });
    const control = createQueue(QUEUE_NAMES.control, { connection: redis, prefix: server.prefix });
    const deliver = createQueue(QUEUE_NAMES.deliver, { connection: redis, prefix: server.prefix });
    await turns.obliterate({ force: true });
    await reconcile({ redis, keys, turns, control, deliver, olderThanMs: 0, now: Date.now });
    const woken = (await turns.getJobs(["waiting"])).map((job) => job.data.conversation);
    await Promise.all([turns.close(), control.close(), deliver.close()]);
    expect(woken).toContain(lost.id);
    expect(woken).not.toContain(running.id);
  });
});
