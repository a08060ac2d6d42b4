import type { InboundMessage } from "@gateway/conversation";
import { canBeAnswered, inboundMessageId, isReadableMessage } from "@gateway/conversation";
import type { CallbackMessage } from "@gateway/wecom-client/callback";
import type { CheckAccess } from "./access/check-access.ts";
import type { CallbackFacts, CallbackOutcome } from "./outcome.ts";
import { rejected } from "./outcome.ts";
import type { ReadCallback, ReadCallbackDeps, ReceivedCallback } from "./read-callback.ts";
import { readCallback } from "./read-callback.ts";
import { routeMessage } from "./routing/route-message.ts";
import type { MessageStore } from "./store-message.ts";
import type { AckDeadline } from "./within-deadline.ts";

/** What happens to a pushed callback, from its bytes to its outcome. Knows no HTTP server. */
export type AcceptCallback = (received: ReceivedCallback, deadline: AckDeadline) => Promise<CallbackOutcome>;

export function createAcceptCallback(
  deps: ReadCallbackDeps & {
    readonly checkAccess: CheckAccess;
    readonly store: MessageStore;
    /** Freshness is judged by it, too: one machine's wrong clock makes no message a replay. */
    readonly sharedTimeOf?: (ownMs: number) => number;
  },
): AcceptCallback {
  const { sharedTimeOf = (ownMs) => ownMs } = deps;
  return async (received, deadline) => {
    const receivedAtMs = sharedTimeOf(received.receivedAtMs);
    const read = readCallback(deps, received, receivedAtMs);
    if (read.kind !== "read") return read;
    const facts = factsOf(read);
    const route = routeMessage(read.message);
    if (route.to === "ignore") return { kind: "ignored", reason: route.reason, ...facts };

    const inbound = toInboundMessage(read, facts.messageId, receivedAtMs);
    // Its ids are WeCom's own; one that is empty or endless would be unreadable to every reader of the mailbox.
    // And who cannot be answered alone is nobody who wrote.
    if (!isReadableMessage(inbound) || !canBeAnswered(inbound)) {
      return rejected(400, "message_invalid", "Refused: message_invalid.", facts);
    }
    const access = await deps.checkAccess(read.app.access, inbound, deadline);
    if (access.status === "failed") return { kind: "not_stored", code: access.code, ...facts };
    if (access.status === "denied") return { kind: "ignored", reason: "access_denied", ...facts };
    const result = await deps.store.store(inbound, deadline);
    if (result.status === "failed") return { kind: "not_stored", code: result.code, ...facts };
    // Its 200 stays: pushed again within seconds, it would find the same.
    if (result.status === "full") return { kind: "ignored", reason: "lane_full", ...facts };
    return { kind: result.status, ...facts };
  };
}

function factsOf({ app, message, plaintext }: ReadCallback): CallbackFacts & { messageId: string } {
  const { corpId, agentId } = app;
  return {
    app: app.name,
    messageId: inboundMessageId({ corpId, agentId, message, plaintext }),
    userId: message.fromUserName,
    messageKind: messageKind(message),
  };
}

function messageKind(message: CallbackMessage): string {
  if ("event" in message && message.event !== undefined) return `event:${message.event}`.slice(0, 64);
  return message.kind === "unsupported" ? `unsupported:${message.msgType}`.slice(0, 64) : message.kind;
}

function toInboundMessage({ app, message }: ReadCallback, id: string, receivedAtMs: number): InboundMessage {
  return {
    v: 1,
    id,
    appName: app.name,
    corpId: app.corpId,
    agentId: app.agentId,
    userId: message.fromUserName,
    receivedAtMs,
    message,
  };
}
