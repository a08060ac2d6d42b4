import { WecomError } from "@gateway/wecom-client";
import { backoffMs } from "../backoff.ts";

/** What became of one chunk, decided from WeCom's answer or the lack of one. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly msgId: string }
  /** Certainly not delivered; sending again is a first send. */
  | { readonly kind: "retry"; readonly code: string; readonly afterMs: number }
  /** Perhaps delivered; only the identical bytes may be sent again. */
  | { readonly kind: "unknown"; readonly code: string }
  /** WeCom refused this message or this recipient for good. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

/** A minute rule of WeCom's blocks for a minute. */
const RATE_PAUSE_MS = 60_000;
/** A wrong secret, an address that is not trusted: held until an operator has mended it. */
const CONFIGURATION_PAUSE_MS = 30_000;

export function outcomeOfError(error: unknown, attempt: number): SendOutcome {
  if (!(error instanceof WecomError)) return { kind: "unknown", code: "internal" };
  const { code } = error;
  switch (error.kind) {
    case "not_sent":
    case "busy":
    case "token":
      return { kind: "retry", code, afterMs: error.retryAfterMs ?? backoffMs(attempt) };
    case "rate":
      return { kind: "retry", code, afterMs: error.retryAfterMs ?? RATE_PAUSE_MS };
    case "credentials":
    case "configuration":
      return { kind: "retry", code, afterMs: error.retryAfterMs ?? CONFIGURATION_PAUSE_MS };
    case "recipient":
    case "content":
      return { kind: "refused", code, reason: error.hint };
    case "unknown":
      return { kind: "unknown", code };
    default:
      return error.kind satisfies never;
  }
}
