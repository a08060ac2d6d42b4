import type { z } from "zod";
import type { WecomErrorContext } from "./errors.ts";
import { WecomError } from "./errors.ts";
import { messageBodySchema, messageEnvelopeSchema } from "./message-schema.ts";
import type { Recipients, SendMessageRequest } from "./types.ts";

/** The app a message leaves through. */
export interface SendingApp {
  readonly corpId: string;
  readonly agentId: string;
}

/** A message that passed the check. */
export interface CheckedMessage {
  readonly touser: string;
}

/**
 * The final bytes of a message/send request: what an outbox can keep and send again unchanged. Throws a
 * WecomError of kind "content" for whatever WeCom would refuse or cut.
 */
export function encodeMessage(app: SendingApp, request: SendMessageRequest): string {
  const { to, safe, translateIds, duplicateCheckSeconds, ...body } = request;
  const message = {
    ...receivers(to, app),
    agentid: Number(app.agentId),
    ...body,
    ...(safe === undefined ? {} : { safe }),
    ...(translateIds === undefined ? {} : { enable_id_trans: translateIds ? 1 : 0 }),
    ...(duplicateCheckSeconds === undefined
      ? {}
      : { enable_duplicate_check: 1, duplicate_check_interval: duplicateCheckSeconds }),
  };
  const json = encodeJson(message);
  checkMessageBytes(app, json);
  return json;
}

/** JSON in which every string is one WeCom takes: error 40033 is for escapes of broken characters. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === "string" ? cleanText(field) : field));
}

/** Checks bytes that are about to be sent; nothing of the message gets into the error. */
export function checkMessageBytes(app: SendingApp, json: string): CheckedMessage {
  const context = { api: "message/send", app: `${app.corpId}/${app.agentId}` };
  const message = parse(json, context);
  const envelope = messageEnvelopeSchema.safeParse(message);
  if (!envelope.success) throw invalid(context, envelope.error);
  const body = messageBodySchema.safeParse(message);
  if (!body.success) throw invalid(context, body.error);
  if (String(envelope.data.agentid) !== app.agentId) {
    throw new WecomError({
      ...context,
      code: "wrong_app",
      kind: "configuration",
      summary: `the message is for agent ${envelope.data.agentid}`,
      hint: "Send it through that app's client: a message never leaves through another app.",
    });
  }
  return { touser: envelope.data.touser ?? "" };
}

/** A WecomError for the first thing a schema found, by path and rule. */
export function invalid(context: WecomErrorContext, error: z.ZodError): WecomError {
  const [issue] = error.issues;
  const params: unknown = issue?.code === "custom" ? issue.params?.code : undefined;
  const path = issue?.path.map(String).join(".") || "the message";
  return new WecomError({
    ...context,
    code: typeof params === "string" ? params : "message_invalid",
    kind: "content",
    summary: `nothing was sent: ${path} ${issue?.message ?? "is not valid"}`,
    hint: "Correct the message; WeCom would refuse it, or deliver it incomplete.",
  });
}

function parse(json: string, context: WecomErrorContext): unknown {
  try {
    return JSON.parse(json);
  } catch {
    const summary = "nothing was sent: the bytes are not JSON";
    const hint = "Send what encodeMessage made.";
    throw new WecomError({ ...context, code: "message_invalid", kind: "content", summary, hint });
  }
}

function receivers(to: Recipients, app: SendingApp) {
  const join = (ids: readonly string[] | undefined) => {
    if (ids?.some((id) => id === "" || id === "@all" || /[|\p{Cc}]/u.test(id))) {
      const context = { api: "message/send", app: `${app.corpId}/${app.agentId}` };
      const summary =
        'nothing was sent: a receiver is empty, "@all" among others, or has a "|" or control character';
      const hint = "Correct the receivers.";
      throw new WecomError({ ...context, code: "recipient_invalid", kind: "content", summary, hint });
    }
    return ids === undefined || ids.length === 0 ? undefined : ids.join("|");
  };
  return {
    touser: to.users === "@all" ? "@all" : join(to.users),
    toparty: join(to.parties),
    totag: join(to.tags),
  };
}

function cleanText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go; tab and newline stay.
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "")
      .replace(/\p{Surrogate}/gu, "\ufffd")
  );
}
