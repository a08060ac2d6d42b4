import { z } from "zod";
import type { WecomErrorContext, WecomErrorKind } from "./errors.ts";
import { WecomError } from "./errors.ts";

/** A failure as all processes share it: enough to explain it, nothing secret. */
const failureSchema = z.object({
  code: z.string(),
  kind: z.enum(["token", "rate", "busy", "not_sent", "credentials", "configuration", "recipient", "content"]),
  summary: z.string(),
  hint: z.string(),
  errcode: z.number().optional(),
});
type Failure = z.infer<typeof failureSchema>;

export function serializeFailure(
  failure: Pick<WecomError, "code" | "kind" | "summary" | "hint" | "errcode">,
) {
  const { code, kind, summary, hint, errcode } = failure;
  return JSON.stringify({ code, kind, summary, hint, errcode });
}

/** When tokens are refused right after they were fetched, over and over. */
export const REFUSED_TOO_OFTEN = {
  code: "token_refused_repeatedly",
  kind: "token",
  summary: "WeCom refuses one fresh access token after the other",
  hint: "Look for another program that uses the same app, or a base URL that leads elsewhere; it is tried again in a minute.",
} as const satisfies Failure;

/**
 * How long everybody stops asking for a token after a failure. Wrong credentials get better by an operator's
 * hand only, and asking with them counts towards the one-hour block of the address (WeCom doc 90312).
 */
export function pauseFor(kind: WecomErrorKind): {
  readonly group: "credentials" | "passing";
  readonly firstMs: number;
  readonly longestMs: number;
} {
  switch (kind) {
    case "busy":
    case "not_sent":
    case "unknown":
    case "token":
      return { group: "passing", firstMs: 500, longestMs: 30_000 };
    default:
      return { group: "credentials", firstMs: 30_000, longestMs: 15 * 60_000 };
  }
}

/** The failure that opened the pause, for a process that did not ask WeCom itself. */
export function pausedError(context: WecomErrorContext, json: string, leftMs: number): WecomError {
  const failure = parseFailure(json);
  return new WecomError({
    ...context,
    ...failure,
    summary: `${failure.summary} (not asked again before the pause after that failure is over)`,
    retryAfterMs: Math.max(leftMs, 0),
  });
}

function parseFailure(json: string): Failure {
  try {
    return failureSchema.parse(JSON.parse(json));
  } catch {
    const hint = "Nothing was sent. Try again.";
    return { code: "token_paused", kind: "not_sent", summary: "fetching access tokens is paused", hint };
  }
}
