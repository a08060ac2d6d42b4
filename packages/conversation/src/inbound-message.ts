import { createHash } from "node:crypto";
import type { CallbackMessage } from "@gateway/wecom-client/callback";
import { z } from "zod";

const id = z.string().min(1).max(512);

/** A decrypted callback message; its fields were checked where it was parsed, its kind is checked again here. */
const callbackMessage = z.custom<CallbackMessage>(
  (value) =>
    typeof value === "object" && value !== null && typeof (value as { kind?: unknown }).kind === "string",
  "a message with a kind",
);

export const inboundMessageSchema = z.object({
  v: z.literal(1),
  id,
  appName: z.string().max(256),
  corpId: id,
  agentId: id,
  userId: id,
  receivedAtMs: z.number().int().nonnegative(),
  message: callbackMessage,
  /** Messages that name the same turn are one; no other message joins them (/queue, /retry). */
  ownTurn: id.optional(),
  /** Meant for the turn that runs, if its runner takes it in (/steer). */
  steer: z.literal(true).optional(),
  /** The trace that it belongs to, where tracing is on. No reason to refuse a message. */
  traceparent: z.string().max(64).optional().catch(undefined),
});

/** One accepted message as it waits in its conversation's mailbox. `id` follows it to the last chunk of its reply. */
export type InboundMessage = z.infer<typeof inboundMessageSchema>;

export function parseInboundMessage(json: string): InboundMessage {
  return inboundMessageSchema.parse(JSON.parse(json));
}

/**
 * The id under which a message or event is accepted once, and the id of its `inbound` job.
 * Messages have a MsgId that WeCom repeats on every push; it is only unique together with the sender.
 * Events have none, and sender + CreateTime is too coarse (two clicks in one second are two events), so
 * the decrypted plaintext is hashed: it is what stays equal when WeCom pushes again.
 */
export function inboundMessageId(input: {
  corpId: string;
  agentId: string;
  message: CallbackMessage;
  plaintext: Buffer;
}): string {
  const { message } = input;
  const msgId = "msgId" in message ? message.msgId : undefined;
  const own =
    msgId === undefined || msgId === ""
      ? `ev-${createHash("sha256").update(input.plaintext).digest("hex").slice(0, 32)}`
      : encodeURIComponent(msgId);
  const scope = [input.corpId, input.agentId, message.fromUserName].map(encodeURIComponent).join("-");
  return `cb-${scope}-${own}`;
}
