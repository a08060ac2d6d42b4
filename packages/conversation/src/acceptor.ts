import type { Redis } from "ioredis";
import { conversationId } from "./conversation-ref.ts";
import type { InboundMessage } from "./inbound-message.ts";
import { createKeys } from "./keys.ts";
import { laneOf } from "./lane.ts";
import { REFUSED_MARK } from "./mailbox-entry.ts";
import type { InboundJob } from "./queues.ts";
import { QUEUE_NAMES } from "./queues.ts";
import { createRedisScript } from "./redis-script.ts";
import { createRenewableQueue } from "./renewable-queue.ts";

/** How long a message id is remembered. WeCom pushes again within seconds; a day also covers replays by hand. */
export const DEDUPE_WINDOW_MS = 24 * 3600 * 1000;

/** More than anybody types; a person who sends more is told so. */
export const MAILBOX_LIMIT = 200;

// The dedupe key is claimed in the step that stores the message, never before it: a crash cannot separate them.
// A message beyond the limit goes to the control lane instead, where the person is told that it was not taken.
const acceptScript = createRedisScript(`
local seen, list, pending, control, pendingControls = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local windowMs, entry, conversation, now, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not redis.call('SET', seen, now, 'NX', 'PX', windowMs) then return 0 end
if redis.call('LLEN', list) >= limit then
  if list ~= control and redis.call('LLEN', control) < limit then
    redis.call('RPUSH', control, '${REFUSED_MARK}' .. entry)
    redis.call('ZADD', pendingControls, 'NX', now, conversation)
  end
  return 1
end
redis.call('RPUSH', list, entry)
redis.call('ZADD', pending, 'NX', now, conversation)
return 1`);

export interface Acceptor {
  /**
   * Stores a message. Durable in Redis once it resolves; rejects when Redis did not answer, in which case the
   * message may or may not be stored and accepting it again is right. A message for a
   * full mailbox is accepted too: what is stored then is that the person has to be told.
   */
  accept(message: InboundMessage): Promise<"accepted" | "duplicate">;
  close(): Promise<void>;
}

export function createAcceptor(deps: { connection: Redis; prefix: string; mailboxLimit?: number }): Acceptor {
  const { connection, prefix } = deps;
  const keys = createKeys(prefix);
  const inbound = createRenewableQueue(QUEUE_NAMES.inbound, { connection, prefix });
  acceptScript.keepLoaded(connection);

  return {
    async accept(message) {
      // Commands of a queue that has never been connected wait for ever; the caller has five seconds.
      if (connection.status !== "ready") throw new Error("Redis is not connected.");
      const conversation = conversationId(message);
      const lane = laneOf(message.message);
      const stored = acceptScript.run(
        connection,
        [
          keys.seen(message.id),
          lane === "turn" ? keys.mailbox(conversation) : keys.control(conversation),
          lane === "turn" ? keys.pendingTurns : keys.pendingControls,
          keys.control(conversation),
          keys.pendingControls,
        ],
        [
          DEDUPE_WINDOW_MS,
          JSON.stringify(message),
          conversation,
          message.receivedAtMs,
          deps.mailboxLimit ?? MAILBOX_LIMIT,
        ],
      );
      // A duplicate adds its job too: the first push may have died between the two writes.
      const job: InboundJob = {
        v: 1,
        conversation,
        app: message.appName,
        user: message.userId,
        kind: message.message.kind,
        lane,
        receivedAtMs: message.receivedAtMs,
      };
      const recorded = inbound.add("message", job, { jobId: message.id });
      const [first] = await Promise.all([stored, recorded]);
      return first === 1 ? "accepted" : "duplicate";
    },
    close: () => inbound.close(),
  };
}
