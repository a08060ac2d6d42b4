import { badAnswer, expectOk, number } from "./answer.ts";
import { WecomError } from "./errors.ts";
import { ACCESS_TOKEN_LIFETIME_SECONDS, ACCESS_TOKEN_LIMIT_BYTES } from "./limits.ts";
import type { Transport } from "./transport.ts";

/** Stop using a token this long before it expires, or after nine tenths of its life if that is later. */
const EXPIRY_MARGIN_MS = 60_000;

/**
 * One gettoken call (WeCom doc 91039). Asking twice is harmless and the message is not on its way yet, so a
 * lost answer is "not_sent" here, never "unknown".
 */
export async function fetchToken(
  transport: Transport,
  app: { readonly corpId: string; readonly agentId: string; readonly corpSecret: string },
  timeoutMs: number,
): Promise<{ token: string; lifeMs: number }> {
  const context = { api: "gettoken", app: `${app.corpId}/${app.agentId}` };
  const query = { corpid: app.corpId, corpsecret: app.corpSecret };
  try {
    const answer = await transport.requestJson({ api: "gettoken", query, repeatable: true, timeoutMs });
    expectOk(answer, context);
    return { token: readToken(answer.access_token, context), lifeMs: readLifeMs(answer.expires_in, context) };
  } catch (error) {
    if (!(error instanceof WecomError) || error.kind !== "unknown") throw error;
    const { code, summary } = error;
    const hint = "No message was sent. Check the connection to WeCom and the API base URL.";
    throw new WecomError({ ...context, code, kind: "not_sent", summary, hint });
  }
}

function readToken(value: unknown, context: { api: string; app: string }): string {
  const usable = typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
  if (!usable || value.length > ACCESS_TOKEN_LIMIT_BYTES) throw badAnswer(context, "access_token");
  return value;
}

function readLifeMs(value: unknown, context: { api: string; app: string }): number {
  const seconds = number(value);
  if (!Number.isFinite(seconds) || seconds < 1) throw badAnswer(context, "expires_in");
  const lifeMs = Math.floor(Math.min(seconds, ACCESS_TOKEN_LIFETIME_SECONDS) * 1000);
  return Math.max(lifeMs - EXPIRY_MARGIN_MS, Math.floor(lifeMs * 0.9));
}
