import { describeErrcode, ERRCODES } from "./errcodes.ts";
import type { WecomErrorContext } from "./errors.ts";
import { WecomError } from "./errors.ts";

/** A JSON object that WeCom answered with; fields are checked where they are read. */
export type Answer = Readonly<Record<string, unknown>>;

/** Throws for an errcode other than 0. Several good answers carry none at all. */
export function expectOk(answer: Answer, context: WecomErrorContext): Answer {
  const errcode = answer.errcode ?? 0;
  if (errcode === 0) return answer;
  if (typeof errcode !== "number" || !Number.isSafeInteger(errcode)) throw badAnswer(context, "errcode");
  throw errcodeError(errcode, answer.errmsg, context);
}

function errcodeError(errcode: number, errmsg: unknown, context: WecomErrorContext): WecomError {
  const row = describeErrcode(errcode, context.api);
  const message = text(errmsg).slice(0, 1000);
  const address = seenAddress(message);
  return new WecomError({
    ...context,
    code: `errcode_${errcode}`,
    kind: row.kind,
    errcode,
    summary: `errcode ${errcode}, ${row.cause}${explain(errcode, message, address)}`,
    // Where the address is what has to be entered somewhere, the instruction names it.
    hint: address === undefined ? row.remedy : row.remedy.replace("the address", `the address ${address}`),
    retryAfterMs: row.retryAfterMs,
  });
}

/** An answer without the field that the call was made for: it was carried out or not, nobody can tell. */
export function badAnswer(context: WecomErrorContext, field: string): WecomError {
  return new WecomError({
    ...context,
    code: "answer_unexpected",
    kind: "unknown",
    summary: `the answer has no usable ${field}`,
    hint: "Check that the API base URL leads to WeCom.",
  });
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** WeCom writes some numbers as text. NaN for anything else. */
export function number(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value !== "")
    ? Number(value)
    : Number.NaN;
}

/** A list like "a|b|c". */
export function piped(value: unknown): string[] {
  return text(value).split("|").filter(Boolean);
}

/**
 * What is worth keeping of errmsg: the address WeCom saw and the number its support asks for. Never more for
 * a code we know; for others the beginning, without anything long enough to be a secret or a token.
 */
function explain(errcode: number, message: string, address: string | undefined): string {
  const hint = /hint: ?\[([0-9_]{1,40})\]/i.exec(message)?.[1];
  const parts = [
    ERRCODES.has(errcode) ? undefined : opening(message),
    address === undefined ? undefined : `seen address ${address}`,
    hint === undefined ? undefined : `WeCom hint ${hint}`,
  ].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

function seenAddress(message: string): string | undefined {
  return /from ip: ?([0-9a-f.:]{3,45})/i.exec(message)?.[1];
}

function opening(message: string): string {
  return message
    .replace(/,? ?(hint:|from ip:|more info).*$/is, "")
    .replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, " ")
    .replace(/[^\s]{16,}/g, "…")
    .slice(0, 120)
    .trim();
}
