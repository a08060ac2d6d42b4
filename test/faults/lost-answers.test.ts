import type { Fence, InboundMessage } from "@gateway/conversation";
import {
  conversationId,
  createAcceptor,
  createApprovals,
  createKeys,
  createMailbox,
} from "@gateway/conversation";
import { createGatekeeper } from "@gateway/conversation/access";
import { createRedis } from "@gateway/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { freePort } from "../../scripts/lib/ports.mjs";
import type { TestRedis } from "../support/redis.ts";
import { startRedis } from "../support/redis.ts";
import { trackClients } from "../support/redis-clients.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";

// When a connection breaks, Redis has carried out what it never answered, and the client sends it again.

describe("the mailbox, when the answer of Redis is lost", () => {
  let redis: TestRedis;
  let proxy: FaultProxy;
  let clients: ReturnType<typeof trackClients>;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startFaultProxy(Number(new URL(redis.url).port));
    clients = trackClients(`redis://${proxy.address}`);
  });
  afterAll(async () => {
    clients.closeAll();
    await proxy.close();
    await redis.stop();
  });

  async function begin(userId: string, ...msgIds: string[]) {
    const direct = redis.client();
    await direct.ping();
    const acceptor = createAcceptor({ connection: direct, prefix: redis.prefix });
    for (const msgId of msgIds) await acceptor.accept(message(userId, msgId));
    await acceptor.close();
    const fence: Fence = { jobId: userId, lockKey: `${redis.prefix}:turns:${userId}:lock`, token: "mine" };
    await direct.set(fence.lockKey, fence.token);
    const connection = clients.open({ retryStrategy: () => 50 });
    await connection.ping();
    const mailbox = createMailbox({
      redis: connection,
      keys: createKeys(redis.prefix),
      turnsLockPrefix: `${redis.prefix}:turns:`,
      outboxOf: (conversation) => conversation,
      now: Date.now,
    });
    return { mailbox, fence, id: conversationId({ corpId: "ww1", agentId: "2", userId }) };
  }

  it("a claim is one attempt", async () => {
    const { mailbox, fence, id } = await begin("ann", "1");
    const lost = proxy.loseAnswer((bytes) => bytes.includes("claimed"));
    const claim = await mailbox.claim(id, fence, () => ({ take: 1 }));
    await lost;
    expect(claim).toMatchObject({ status: "claimed", attempt: 1, again: undefined });
    expect(await mailbox.claim(id, fence, () => ({ take: 1 }))).toMatchObject({
      attempt: 2,
      again: "cut_off",
    });
  });

  it("a commit is one commit", async () => {
    const { mailbox, fence, id } = await begin("bob", "1", "2");
    await mailbox.claim(id, fence, () => ({ take: 1 }));
    const lost = proxy.loseAnswer((bytes) => bytes.includes("committed"));
    const reply = {
      id: "re-bob",
      kind: "answer" as const,
      conversation: id,
      messageIds: ["1"],
      createdAtMs: 1,
    };
    const committed = await mailbox.commit(id, fence, 1, { plans: [{ ...reply, chunks: ["{}"] }] });
    await lost;
    expect(committed).toEqual({ status: "committed", remaining: 1 });
    expect(await redis.client().llen(createKeys(redis.prefix).outbox(id))).toBe(1);
  });

  it("a commit without a reply is one commit", async () => {
    const { mailbox, fence, id } = await begin("dan", "1", "2");
    await mailbox.claim(id, fence, () => ({ take: 1 }));
    const lost = proxy.loseAnswer((bytes) => bytes.includes("committed"));
    const committed = await mailbox.commit(id, fence, 1, { plans: [] });
    await lost;
    expect(committed).toEqual({ status: "committed", remaining: 1 });
    expect(await mailbox.commit(id, fence, 1, { plans: [] })).toEqual({ status: "superseded" });
  });

  it("a message taken in by the running agent is taken in once", async () => {
    const { mailbox, fence, id } = await begin("eve", "1", "2", "3");
    await mailbox.claim(id, fence, () => ({ take: 1 }));
    const entry = await mailbox.next(id, 1);
    if (entry === undefined) throw new Error("no second message");
    const lost = proxy.loseAnswer((bytes) => bytes === ":2\r\n");
    expect(await mailbox.absorb(id, fence, entry)).toBe(true);
    await lost;
    expect(await redis.client().hget(createKeys(redis.prefix).turn(id), "n")).toBe("2");
  });
});

describe("a decision about what an agent asked for, when the answer of Redis is lost", () => {
  it("is told as what it is, to the person and to the run that waits", async () => {
    const redis = await startRedis();
    const proxy = await startFaultProxy(Number(new URL(redis.url).port));
    const clients = trackClients(`redis://${proxy.address}`);
    const connection = clients.open({ retryStrategy: () => 50 });
    const keys = createKeys(redis.prefix);
    const approvals = createApprovals({ redis: connection, keys, now: Date.now });
    const waiting = redis.client();
    const nudged = new Promise<string>((resolve) =>
      waiting.on("message", (_channel, about) => resolve(about)),
    );
    await waiting.subscribe(keys.signals);
    const id = conversationId({ corpId: "ww1", agentId: "2", userId: "ann" });
    const { code } = await approvals.ask(id, { turnId: "t", title: "rm -rf build", detail: "" });

    const lost = proxy.loseAnswer((bytes) => bytes.includes("rm -rf build"));
    const decided = await approvals.decide(id, code, "approved", "cb-1");
    await lost;
    expect(decided).toMatchObject({ status: "decided", request: { code } });
    expect(await approvals.answer(id, code)).toMatchObject({ decision: "approved" });
    expect(await nudged).toBe(id);

    clients.closeAll();
    await proxy.close();
    await redis.stop();
  });
});

describe("an ingress that starts while Redis goes away", () => {
  it.each([0, 1, 2, 4])(
    "accepts as soon as Redis is back (%i connections break after the first)",
    async (breaks) => {
      const redis = await startRedis();
      const proxy = await startFaultProxy(Number(new URL(redis.url).port));
      // Both the client and BullMQ ask Redis for its version; the first to get it is the client.
      let connected = false;
      const isLater = (bytes: string) => {
        if (!bytes.includes("redis_version")) return false;
        const later = connected;
        connected = true;
        return later;
      };
      const broken = Array.from({ length: breaks }, () => proxy.loseAnswer(isLater));
      const connection = createRedis(`redis://${proxy.address}`, "producer");
      const acceptor = createAcceptor({ connection, prefix: redis.prefix });
      const gatekeeper = createGatekeeper({ connection, prefix: redis.prefix });
      await Promise.all(broken);
      await waitUntil("a message is accepted", () => acceptor.accept(message("ann", "1")), {
        timeoutMs: 15_000,
      });
      expect(await gatekeeper.ask(message("bob", "1"), "code")).toBe("denied");
      const jobs = await redis.client().keys(`${redis.prefix}:*`);
      expect(jobs).toContain(`${redis.prefix}:inbound:cb-ww1-2-ann-1`);
      // The person who was not let in is told by a job of the control queue.
      expect(jobs).toContain(`${redis.prefix}:control:id`);
      connection.disconnect();
      await proxy.close();
      await redis.stop();
    },
  );
});

describe("a worker, when the answer that hands out a turn is lost", () => {
  let gateway: FaultStack;
  let proxy: FaultProxy;
  beforeAll(async () => {
    const redisPort = await freePort();
    proxy = await startFaultProxy(redisPort);
    // Far above what is waited for: no other worker's judgement helps here.
    const env = { REDIS_URL: `redis://${proxy.address}`, WORKER_DEAD_AFTER_SECONDS: "80" };
    gateway = await startFaultStack({ workers: 1, redisPort, env });
  }, 120_000);
  afterAll(async () => {
    await gateway?.stop();
    await proxy?.close();
  });

  it("runs the turn long before the lock of the lost job ends", async () => {
    const lost = proxy.loseAnswer((bytes) => bytes.includes("\r\nturn\r\n") && bytes.includes(':user1"}'));
    expect(await gateway.push({ conversation: "user1", id: "1001", text: "1001" })).toBe(true);
    await lost;
    // Locks last 90 s. Two looks at 5 s and two checks for stalled jobs at 3 s take about 16 s.
    await waitUntil("the message is answered", () => gateway.shown("user1").includes("1001 1/1"), {
      timeoutMs: 40_000,
      describe: () => gateway.stack.logs().slice(-5000),
    });
    expect(gateway.journal.starts("1001")).toMatchObject([{ attempt: 1 }]);
  }, 120_000);
});

function message(userId: string, msgId: string): InboundMessage {
  return {
    v: 1,
    id: `cb-ww1-2-${userId}-${msgId}`,
    ...{ appName: "app", corpId: "ww1", agentId: "2", userId },
    receivedAtMs: 1_700_000_000_000,
    message: {
      kind: "text",
      content: "hello",
      ...{ msgId, toUserName: "ww1", fromUserName: userId, createTime: 1_700_000_000, agentId: "2" },
    },
  };
}
