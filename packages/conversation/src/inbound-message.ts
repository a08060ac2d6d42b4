import { hash } from "node:crypto";
import type { CallbackMessage } from "@gateway/wecom-client/callback";
import { z } from "zod";

const LIMIT_ID_CHARS = 512;
const LIMIT_NAME_CHARS = 256;
const id = z.string().min(1).max(LIMIT_ID_CHARS);

/** A decrypted callback message; its fields were checked where it was parsed, its kind is checked again here. */
const callbackMessage = z.custom<CallbackMessage>(
  (value) =>
    typeof value === "object" && value !== null && typeof (value as { kind?: unknown }).kind === "string",
  "a message with a kind",
);

export const inboundMessageSchema = z.object({
  v: z.literal(1),
  id,
  appName: z.string().max(LIMIT_NAME_CHARS),
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
 * Whether readers of the mailbox will be able to read it: all that inboundMessageSchema can find wrong with a message
 * that the compiler has seen. Asked for every callback, so it costs next to nothing.
 */
export function isReadableMessage(message: InboundMessage): boolean {
  const { id: own, corpId, agentId, userId, appName, receivedAtMs } = message;
  return (
    [own, corpId, agentId, userId].every((value) => value !== "" && value.length <= LIMIT_ID_CHARS) &&
    appName.length <= LIMIT_NAME_CHARS &&
    Number.isSafeInteger(receivedAtMs) &&
    receivedAtMs >= 0
  );
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
      ? `ev-${hash("sha256", input.plaintext).slice(0, 32)}`
      : encodeURIComponent(msgId);
  const scope = [input.corpId, input.agentId, message.fromUserName].map(encodeURIComponent).join("-");
  return `cb-${scope}-${own}`;
}
