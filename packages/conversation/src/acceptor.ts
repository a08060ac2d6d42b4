import type { Redis } from "ioredis";
import { conversationId } from "./conversation-ref.ts";
import type { InboundMessage } from "./inbound-message.ts";
import { createKeys } from "./keys.ts";
import type { InboundJob } from "./queues.ts";
import { createQueue, QUEUE_NAMES } from "./queues.ts";
import { createRedisScript } from "./redis-script.ts";

/** How long a message id is remembered. WeCom pushes again within seconds; a day also covers replays by hand. */
export const DEDUPE_WINDOW_MS = 24 * 3600 * 1000;

// The dedupe key is claimed in the step that stores the message, never before it: a crash cannot separate them.
const acceptScript = createRedisScript(`
local seen, mailbox, pending = KEYS[1], KEYS[2], KEYS[3]
local windowMs, entry, conversation, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not redis.call('SET', seen, now, 'NX', 'PX', windowMs) then return 0 end
redis.call('RPUSH', mailbox, entry)
redis.call('ZADD', pending, 'NX', now, conversation)
return 1`);

export interface Acceptor {
  /**
   * Stores a message. Durable in Redis once it resolves; rejects when Redis did not answer, in which case the
   * message may or may not be stored and accepting it again is right.
   */
  accept(message: InboundMessage): Promise<"accepted" | "duplicate">;
  close(): Promise<void>;
}

export function createAcceptor(deps: { connection: Redis; prefix: string }): Acceptor {
  const { connection, prefix } = deps;
  const keys = createKeys(prefix);
  const inbound = createQueue(QUEUE_NAMES.inbound, { connection, prefix, skipWaitingForReady: true });
  // Failures reach the caller through accept(); without a listener they would end the process as well.
  inbound.on("error", () => undefined);
  acceptScript.keepLoaded(connection);

  return {
    async accept(message) {
      const conversation = conversationId(message);
      const stored = acceptScript.run(
        connection,
        [keys.seen(message.id), keys.mailbox(conversation), keys.pendingTurns],
        [DEDUPE_WINDOW_MS, JSON.stringify(message), conversation, message.receivedAtMs],
      );
      // A duplicate adds its job too: the first push may have died between the two writes.
      const job: InboundJob = {
        v: 1,
        conversation,
        app: message.appName,
        user: message.userId,
        kind: message.message.kind,
        receivedAtMs: message.receivedAtMs,
      };
      const recorded = inbound.add("message", job, { jobId: message.id });
      const [first] = await Promise.all([stored, recorded]);
      return first === 1 ? "accepted" : "duplicate";
    },
    close: () => inbound.close(),
  };
}
