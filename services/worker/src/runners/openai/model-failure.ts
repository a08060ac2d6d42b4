import {
  APICallError,
  InvalidResponseDataError,
  JSONParseError,
  ToolChoiceViolationError,
  TypeValidationError,
} from "ai";
import type { RunFailureCode } from "../runner.ts";
import { EndpointError } from "./guarded-fetch.ts";

/** Why a call of the model came to nothing. */
export interface ModelFailure {
  readonly code: RunFailureCode;
  /** Asking the same again may help. */
  readonly again: boolean;
  /** How often at most it is asked, if seldom. */
  readonly tries?: number;
  /** A run of its own, later, may help where asking again did not. */
  readonly later?: true;
  /** What the endpoint wishes. */
  readonly pauseMs?: number;
  /** The conversation is longer than the model takes. */
  readonly tooLong?: true;
  /** For the log: without the endpoint's own words, which may quote the conversation. */
  readonly detail: string;
}

const TOO_LONG =
  /context.{0,20}(length|window|size)|maximum.{0,20}(context|tokens)|too many tokens|too long/i;
const FILTERED = /content_?filter|content_policy|data_inspection_failed|sensitive/i;
const NO_MONEY = /insufficient_(quota|balance)|billing|arrears/i;

/** Puts whatever a call of the model threw into a few classes. Never throws. */
export function describeModelFailure(error: unknown): ModelFailure {
  const endpoint = findEndpointError(error);
  if (endpoint !== undefined) return ofEndpoint(endpoint);
  if (APICallError.isInstance(error) && error.statusCode !== undefined)
    return ofStatus(error.statusCode, readError(error.responseBody), error.responseHeaders);
  if (APICallError.isInstance(error)) return unreachable(error.cause ?? error);
  if (
    JSONParseError.isInstance(error) ||
    TypeValidationError.isInstance(error) ||
    InvalidResponseDataError.isInstance(error)
  )
    return { code: "protocol", again: true, detail: "The model's stream broke off or was unreadable." };
  if (error instanceof TypeError || codeOf(error) !== undefined) return unreachable(error);
  if (ToolChoiceViolationError.isInstance(error))
    return { code: "agent", again: false, detail: "The model goes on calling tools when it has to answer." };
  if (error instanceof Error)
    return { code: "internal", again: false, detail: `A call of the model failed by ${error.name}.` };
  return ofErrorObject(readFields(error));
}

interface ErrorFields {
  /** A word like rate_limit_exceeded. */
  readonly code: string;
  /** For matching only. */
  readonly everything: string;
}

function ofEndpoint({ why, message }: EndpointError): ModelFailure {
  // Every try of these costs the person a minute.
  if (why === "silent") return { code: "provider", again: true, tries: 2, detail: message };
  if (why === "broken_off") return { code: "provider", again: true, detail: message };
  return { code: why === "flood" ? "output" : "protocol", again: false, detail: message };
}

function ofStatus(
  status: number,
  fields: ErrorFields,
  headers: Readonly<Record<string, string>> | undefined,
): ModelFailure {
  const detail = `The model's endpoint answered HTTP ${status}${named(fields)}.`;
  if (status === 401 || status === 403)
    return { code: "auth", again: false, detail: `${detail} Is the API key right?` };
  if (status === 402 || (status === 429 && NO_MONEY.test(fields.everything)))
    return { code: "config", again: false, detail: `${detail} Has the account any balance?` };
  if (status === 404)
    return { code: "config", again: false, detail: `${detail} Are the URL and the model's name right?` };
  if (status === 413 || (status < 500 && TOO_LONG.test(fields.everything)))
    return { code: "provider", again: false, tooLong: true, detail };
  if (status < 500 && FILTERED.test(fields.everything)) return { code: "refusal", again: false, detail };
  const pause = pauseOf(headers);
  if (status === 429) return { code: "rate_limit", again: true, later: true, ...pause, detail };
  if (status >= 500 || [408, 409, 425].includes(status))
    return { code: "provider", again: true, later: true, ...pause, detail };
  return { code: "provider", again: false, detail };
}

/** An error in the stream itself, behind a status of 200. */
function ofErrorObject(fields: ErrorFields): ModelFailure {
  const detail = `The model's endpoint broke its stream off with an error${named(fields)}.`;
  if (TOO_LONG.test(fields.everything)) return { code: "provider", again: false, tooLong: true, detail };
  if (FILTERED.test(fields.everything)) return { code: "refusal", again: false, detail };
  if (/rate_?limit|too_?many_?requests|\b429\b/i.test(fields.everything))
    return { code: "rate_limit", again: true, later: true, detail };
  return { code: "provider", again: true, detail };
}

function unreachable(cause: unknown): ModelFailure {
  const known = codeOf(cause);
  const how = known === undefined ? "" : ` (${known})`;
  return {
    code: "provider",
    again: true,
    later: true,
    detail: `The model's endpoint could not be reached${how}.`,
  };
}

function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 5 && typeof at === "object" && at !== null; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (typeof code === "string" && /^[A-Z_]{2,40}$/.test(code)) return code;
    at = cause;
  }
  return undefined;
}

function findEndpointError(error: unknown): EndpointError | undefined {
  for (let at = error, depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    if (at instanceof EndpointError) return at;
    at = at.cause;
  }
  return undefined;
}

const PAUSE_LIMIT_MS = 24 * 3600 * 1000;

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3). */
function pauseOf(headers: Readonly<Record<string, string>> | undefined): { pauseMs?: number } {
  const value = headers?.["retry-after"];
  if (value === undefined) return {};
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? { pauseMs: Math.min(Math.max(ms, 0), PAUSE_LIMIT_MS) } : {};
}

const READ_LIMIT_CHARS = 20_000;

function readError(body: string | undefined): ErrorFields {
  try {
    const parsed: unknown = JSON.parse((body ?? "").slice(0, READ_LIMIT_CHARS));
    const inner = (parsed as { error?: unknown } | null)?.error;
    return readFields(inner ?? parsed);
  } catch {
    return { code: "", everything: "" };
  }
}

function readFields(value: unknown): ErrorFields {
  if (typeof value !== "object" || value === null) return { code: "", everything: "" };
  const { code, type } = value as { code?: unknown; type?: unknown };
  const word = [code, type].find((one) => typeof one === "string" && /^[\w.-]{1,64}$/.test(one));
  const everything = JSON.stringify(value).slice(0, READ_LIMIT_CHARS);
  return { code: typeof word === "string" ? word : "", everything };
}

function named({ code }: ErrorFields): string {
  return code === "" ? "" : ` (${code})`;
}
