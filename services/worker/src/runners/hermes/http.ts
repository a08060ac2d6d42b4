import type { z } from "zod";
import { errorSchema } from "./messages.ts";

/**
 * auth: the key is refused. busy: 429. too_large: more than is taken. refused: asking again changes nothing. passing:
 * no answer, a broken one or one of the kind that restarts and proxies give; it may pass.
 */
export interface Trouble {
  readonly ok: false;
  readonly why: "auth" | "busy" | "too_large" | "refused" | "passing";
  /** For logs: neither content nor addresses. */
  readonly detail: string;
  readonly status?: number;
  /** The error's own name, like run_not_found. */
  readonly code?: string;
  readonly retryAfterMs?: number;
}
export type Reply<Value> = { readonly ok: true; readonly value: Value } | Trouble;

export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly limitBytes?: number;
}

export interface Place {
  readonly url: string;
  readonly apiKey: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
}

const LIMIT_BYTES = 64 * 1024;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** One request. Never rejects. */
export async function callHermes<Schema extends z.ZodType>(
  place: Place,
  call: Call,
  schema: Schema,
): Promise<Reply<z.output<Schema>>> {
  // One of its own, as a run makes many: of each that AbortSignal.any makes, something stays with the run's (Node 20).
  const own = new AbortController();
  const onAbort = () => own.abort("stopped");
  const timer = setTimeout(() => own.abort("timeout"), place.timeoutMs);
  call.signal?.addEventListener("abort", onAbort);
  if (call.signal?.aborted) onAbort();
  try {
    const response = await requestHermes(place, call, own.signal);
    const text = await readBounded(response, response.ok ? (call.limitBytes ?? LIMIT_BYTES) : LIMIT_BYTES);
    if (!response.ok) return troubleOf(response, text);
    if (text === undefined) return { ok: false, why: "too_large", detail: "the answer is too long" };
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? { ok: true, value: parsed.data } : passing("the answer cannot be read", response);
  } catch (error) {
    const isLate = own.signal.reason === "timeout";
    return passing(isLate ? "no answer in time" : `no connection ${codeOf(error)}`.trimEnd());
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", onAbort);
  }
}

/** The key goes to no other place: redirects are not followed. */
export function requestHermes(place: Place, call: Call, signal: AbortSignal): Promise<Response> {
  return fetch(`${place.url}${call.path}`, {
    method: call.method,
    headers: {
      authorization: `Bearer ${place.apiKey}`,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    redirect: "manual",
    signal,
  });
}

function passing(detail: string, response?: Response): Trouble {
  return {
    ok: false,
    why: "passing",
    detail,
    ...(response === undefined ? {} : { status: response.status }),
  };
}

function troubleOf(response: Response, text: string | undefined): Trouble {
  const { status } = response;
  const parsed = errorSchema.safeParse(parseJson(text ?? ""));
  const code = parsed.success ? parsed.data.error.code : undefined;
  const detail = code === undefined ? `HTTP ${status}` : `HTTP ${status} ${code}`;
  const common = { ok: false as const, detail, status, ...(code === undefined ? {} : { code }) };
  if (status === 401 || status === 403) return { ...common, why: "auth" };
  if (status === 429) return { ...common, why: "busy", ...retryAfter(response) };
  if (status === 413) return { ...common, why: "too_large" };
  // An error without a name is a proxy's, and says nothing of the run.
  const isPassing = status >= 500 || status === 408 || (status === 404 && code === undefined);
  return { ...common, why: isPassing ? "passing" : "refused" };
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const value = response.headers.get("retry-after") ?? "";
  if (!/^\d{1,9}$/.test(value)) return {};
  return { retryAfterMs: Math.min(Number(value) * 1000, LONGEST_RETRY_AFTER_MS) };
}

/** Undefined when there is more. What is not UTF-8 becomes replacement characters. */
async function readBounded(response: Response, limitBytes: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    // Leaving the loop ends the transfer.
    if (sizeBytes > limitBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
