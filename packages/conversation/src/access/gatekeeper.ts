import type { Redis } from "ioredis";
import { conversationId } from "../conversation-ref.ts";
import type { InboundMessage } from "../inbound-message.ts";
import { createKeys } from "../keys.ts";
import { DENIED_MARK } from "../mailbox-entry.ts";
import { createQueue, QUEUE_NAMES, wakeConversation } from "../queues.ts";
import { createRedisScript } from "../redis-script.ts";
import { accessKeys } from "./access-keys.ts";
import { ACCESS_LIMITS } from "./limits.ts";
import { foldUserId } from "./user-list.ts";

/**
 * One step, so that a revocation counts for the very next message. The flag comes first and bounds everything
 * else: however much a denied person writes, at most one entry a period is stored, and none while one waits.
 */
const askScript = createRedisScript(`
local users, told, control, pending = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local user, entry, everyMs, conversation, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('HEXISTS', users, user) == 1 then return 'approved' end
if entry == '' or not redis.call('SET', told, now, 'NX', 'PX', everyMs) then return 'denied' end
if redis.call('EXISTS', control) == 1 then return 'denied' end
redis.call('RPUSH', control, entry)
redis.call('ZADD', pending, 'NX', now, conversation)
return 'knocked'`);

/** What a person who may not talk to the app is to hear: a code to be let in with, that they may not, or nothing. */
export type Word = "code" | "notice" | "nothing";

const TELL_EVERY_MS = { code: ACCESS_LIMITS.codeEveryMs, notice: ACCESS_LIMITS.noticeEveryMs, nothing: 0 };

/** What ingress asks about a sender who is on no list of the configuration. */
export interface Gatekeeper {
  /**
   * Whether the person was let in by an administrator. If not, the worker is asked to give them the word, every
   * so often (ACCESS_LIMITS). What they wrote is not kept. Rejects when Redis did not answer: then nobody knows
   * whether they may, and asking again is right.
   */
  ask(message: InboundMessage, word: Word): Promise<"approved" | "denied">;
  close(): Promise<void>;
}

export function createGatekeeper(deps: { connection: Redis; prefix: string }): Gatekeeper {
  const { connection, prefix } = deps;
  const keys = createKeys(prefix);
  const control = createQueue(QUEUE_NAMES.control, { connection, prefix });
  // A failed wake-up is the reconciler's to mend; without a listener it would end the process.
  control.on("error", () => undefined);
  askScript.keepLoaded(connection);
  return {
    async ask(message, word) {
      // Commands of a queue that has never been connected wait for ever; the caller has five seconds.
      if (connection.status !== "ready") throw new Error("Connection is closed: Redis is not connected.");
      const conversation = conversationId(message);
      const result = await askScript.run(
        connection,
        [
          accessKeys(keys, message).users,
          keys.flag("denied", word, conversation),
          keys.control(conversation),
          keys.pendingControls,
        ],
        [
          foldUserId(message.userId),
          word === "nothing" ? "" : DENIED_MARK + JSON.stringify(withoutContent(message)),
          TELL_EVERY_MS[word],
          conversation,
          message.receivedAtMs,
        ],
      );
      if (result === "approved") return "approved";
      // The entry is stored: if this fails or hangs, the reconciler finds it.
      if (result === "knocked") wakeConversation(control, conversation).catch(() => undefined);
      return "denied";
    },
    close: () => control.close(),
  };
}

function withoutContent(message: InboundMessage): InboundMessage {
  const { toUserName, fromUserName, createTime, agentId } = message.message;
  const common = { toUserName, fromUserName, createTime, agentId };
  return { ...message, message: { ...common, kind: "unsupported", msgType: message.message.kind, raw: {} } };
}
