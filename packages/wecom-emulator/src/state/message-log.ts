import type { ShownContent } from "../view/shown-content.ts";
import { createBoundedLog } from "./bounded-log.ts";
import type { QuotaVerdict } from "./member-quota.ts";

/** What became of a message for one member. */
export interface Receiver {
  readonly userId: string;
  readonly status: QuotaVerdict | "suppressed_duplicate";
}

/** A field that was longer than WeCom keeps. */
export interface Cut {
  readonly field: string;
  readonly bytes: number;
  readonly keptBytes: number;
}

/** A message that `message/send` answered 0 for, with the truth about who sees it. */
export interface SentMessage {
  readonly seq: number;
  readonly msgId: string;
  readonly atMs: number;
  readonly appName: string;
  readonly corpId: string;
  readonly agentId: string;
  readonly msgType: string;
  readonly requestBytes: number;
  readonly request: Readonly<Record<string, unknown>>;
  /** As the members see it, after every cut. */
  readonly content: ShownContent;
  readonly cuts: readonly Cut[];
  readonly receivers: readonly Receiver[];
  readonly invalidUsers: readonly string[];
  /** The group that it went to. */
  readonly chatName?: string;
  readonly responseCode?: string;
  readonly duplicateOf?: string;
  /** The fault that spoiled the answer although the message went out. */
  readonly fault?: string;
  recalledAtMs?: number;
  /** Cards that were updated for some members, by lower-case user id. */
  readonly cardByUser: Map<string, ShownContent>;
}

export interface MessageLog {
  add(message: SentMessage): void;
  find(msgId: string): SentMessage | undefined;
  /** Oldest first. `userId` keeps what was meant for that member, delivered or not. */
  list(filter?: { appName?: string | undefined; userId?: string | undefined }): readonly SentMessage[];
  clear(): void;
}

export function createMessageLog(options: { maxMessages: number; maxBytes: number }): MessageLog {
  const byMsgId = new Map<string, SentMessage>();
  const log = createBoundedLog<SentMessage>({
    maxEntries: options.maxMessages,
    maxWeight: options.maxBytes,
    onEvict: (message) => byMsgId.delete(message.msgId),
  });
  return {
    add(message) {
      if (message.duplicateOf === undefined) byMsgId.set(message.msgId, message);
      log.add(message, message.requestBytes);
    },
    find: (msgId) => byMsgId.get(msgId),
    list({ appName, userId } = {}) {
      const user = userId?.toLowerCase();
      return log.all().filter((message) => {
        if (appName !== undefined && message.appName !== appName) return false;
        return (
          user === undefined || message.receivers.some((receiver) => receiver.userId.toLowerCase() === user)
        );
      });
    },
    clear() {
      byMsgId.clear();
      log.clear();
    },
  };
}
