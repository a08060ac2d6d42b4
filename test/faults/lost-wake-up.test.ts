import type { InboundMessage, TurnControl } from "@gateway/conversation";
import {
  conversationId,
  createKeys,
  createQueue,
  createTurnControl,
  QUEUE_NAMES,
  wakeConversation,
} from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Queue } from "bullmq";
import { freePort } from "../../scripts/lib/ports.mjs";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";

// A turn finds nothing more to do and ends, while a message arrives and wakes the conversation. If its wake-up is
// dropped because the turn's job is still there, the message lies until somebody else writes. The worker speaks to
// Redis through a proxy that holds the very request in question; the message comes in beside it.

const LIMIT_MS = 120_000;
const REPETITIONS = 300;

describe("a message that arrives as the turn ends", () => {
  let gateway: FaultStack;
  let proxy: FaultProxy;
  let mail: TurnControl;
  let turns: Queue;
  let users = 0;

  beforeAll(async () => {
    const redisPort = await freePort();
    proxy = await startFaultProxy(redisPort);
    gateway = await startFaultStack({
      workers: 1,
      redisPort,
      env: { REDIS_URL: `redis://${proxy.address}`, AGENT_RUNNER: "demo" },
    });
    const deps = { connection: gateway.redis, prefix: gateway.stack.prefix };
    mail = createTurnControl({ redis: gateway.redis, keys: createKeys(gateway.stack.prefix), now: Date.now });
    turns = createQueue(QUEUE_NAMES.turns, deps);
  }, LIMIT_MS);
  afterAll(async () => {
    await turns?.close();
    await gateway?.stop();
    await proxy?.close();
  });

  it.each([
    ["before the commit", (bytes: string) => bytes.includes(":last-turn:")],
    ["between the commit and the end of the job", (bytes: string) => bytes.includes(":turns:completed\r\n")],
  ])(
    "is answered without the reconciler's help: %s",
    async (_when, isTheRequest) => {
      const of = newConversation();
      const hold = proxy.holdRequest(isTheRequest);
      await of.arrive("first");
      await hold.held;
      await of.arrive("second");
      hold.release();
      await of.answered("second");
    },
    LIMIT_MS,
  );

  it(
    `is answered without the reconciler's help: at ${REPETITIONS} moments around the end`,
    async () => {
      const conversations = Array.from({ length: REPETITIONS }, () => newConversation());
      for (let from = 0; from < REPETITIONS; from += 20) {
        await Promise.all(
          conversations.slice(from, from + 20).map(async (of, index) => {
            await of.arrive("first");
            // Spread over the life of a turn, from its claim to after its end.
            await waitUntil("the first is being answered", () => of.isClaimed());
            await new Promise((resolve) => setTimeout(resolve, index));
            await of.arrive("second");
          }),
        );
      }
      for (const of of conversations) await of.answered("second");
    },
    LIMIT_MS,
  );

  function newConversation() {
    users += 1;
    const userId = `user${users}`;
    const { corpId, agentId } = gateway.stack.apps[0] ?? { corpId: "", agentId: "" };
    const id = conversationId({ corpId, agentId, userId });
    const keys = createKeys(gateway.stack.prefix);
    return {
      id,
      /** What ingress and the inbound queue do, without them: the order of the steps is the test's. */
      async arrive(text: string) {
        const message = { id: `cb-${userId}-${text}`, appName: "main", corpId, agentId, userId };
        expect(await mail.enqueue(id, inbound(message, text), "tail")).toBe("added");
        await wakeConversation(turns, id);
      },
      isClaimed: async () => (await gateway.redis.exists(keys.turn(id), keys.lastTurn(id))) > 0,
      answered: (text: string) =>
        waitUntil(
          `${userId}'s ${text} message is answered`,
          async () => {
            // The reconciler would find it after some seconds and hide the fault.
            await gateway.redis.zrem(keys.pendingTurns, id);
            return gateway.shown(userId).some((shown) => shown.includes(text));
          },
          {
            timeoutMs: 30_000,
            describe: async () =>
              `${gateway.shown(userId).join("\n")}; waiting: ${await gateway.redis.llen(keys.mailbox(id))}`,
          },
        ),
    };
  }
});

function inbound(
  ids: { id: string; appName: string; corpId: string; agentId: string; userId: string },
  content: string,
): InboundMessage {
  const { corpId, agentId, userId } = ids;
  return {
    v: 1,
    ...ids,
    receivedAtMs: Date.now(),
    message: {
      kind: "text",
      content,
      ...{ msgId: ids.id, toUserName: corpId, fromUserName: userId, createTime: 1_700_000_000, agentId },
    },
  };
}
