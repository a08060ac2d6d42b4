import type { RouteIgnoreReason } from "./routing/route-message.ts";

/** Who and what a request was about, as far as it is known. No content. */
export interface CallbackFacts {
  readonly app?: string;
  readonly messageId?: string;
  readonly userId?: string;
  /** `text`, `image`, … or `event:click`. */
  readonly messageKind?: string;
}

export type IgnoreReason =
  /** On no list, and nobody let them in. */
  | "access_denied"
  /** Signed for one app, but the message inside names an app that this key set does not belong to. */
  | "agent_mismatch"
  /** So much of the person's waits that not even a word about it fits in. Nothing is stored. */
  | "lane_full"
  | RouteIgnoreReason;

/** A request that is refused before anything is known to come from WeCom, or that could not be understood. */
export interface Rejection extends CallbackFacts {
  readonly kind: "rejected";
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503;
  readonly code: string;
  /** Sent to the caller; says what to do, never repeats what was sent. */
  readonly text: string;
}

/** What became of one pushed callback. */
export type CallbackOutcome =
  | ({ readonly kind: "accepted" | "duplicate" } & CallbackFacts)
  | ({ readonly kind: "ignored"; readonly reason: IgnoreReason } & CallbackFacts)
  /** Signed, but its timestamp is outside the freshness window: a replay, or a clock that is wrong. */
  | ({ readonly kind: "ignored"; readonly reason: "stale"; readonly skewSeconds: number } & CallbackFacts)
  /** Redis did not confirm the message in time: no answer, so that WeCom pushes it again. */
  | ({ readonly kind: "not_stored"; readonly code: string; readonly detail?: string } & CallbackFacts)
  | Rejection;

/** What became of WeCom's check of the callback URL. */
export type HandshakeOutcome =
  | ({ readonly kind: "verified"; readonly echo: Buffer; readonly skewSeconds: number } & CallbackFacts)
  | Rejection;

/** What became of what an agent said that answers later. */
export type AgentCallbackOutcome =
  /** Redis has it, perhaps since an earlier, equal call. */
  | ({ readonly kind: "stored" } & CallbackFacts)
  | ({ readonly kind: "not_stored"; readonly code: string; readonly detail?: string } & CallbackFacts)
  | Rejection;

export function rejected(
  status: Rejection["status"],
  code: string,
  text: string,
  facts: CallbackFacts = {},
): Rejection {
  return { ...facts, kind: "rejected", status, code, text };
}
