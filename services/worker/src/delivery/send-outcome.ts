import type { SendMessageResult } from "@gateway/wecom-client";
import { concernsWholeApp, WecomError } from "@gateway/wecom-client";
import { backoffMs } from "../backoff.ts";

/** What became of one chunk, decided from WeCom's answer or the lack of one. */
export type SendOutcome =
  /** A card also comes with the code that updates it. */
  | { readonly kind: "sent"; readonly msgId: string; readonly responseCode?: string }
  /** Certainly not delivered; sending again is a first send. */
  | { readonly kind: "retry"; readonly code: string; readonly afterMs: number; readonly error: WecomError }
  /** Perhaps delivered; only the identical bytes may be sent again. */
  | { readonly kind: "unknown"; readonly code: string }
  /** WeCom refused this message or this recipient for good. No error when WeCom called it a success. */
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly reason: string;
      readonly error: WecomError | undefined;
    };

/** A minute rule of WeCom's blocks for a minute. */
const RATE_PAUSE_MS = 60_000;
/** A wrong secret, an address that is not trusted: held until an operator has mended it. */
const CONFIGURATION_PAUSE_MS = 30_000;

/** Codes of the success that reached nobody, see `outcomeOfResult`. */
export const NO_RECEIVER: readonly string[] = ["invaliduser", "invalidparty", "invalidtag", "unlicenseduser"];

const UNDELIVERED = { kind: "refused", error: undefined } as const;
const INVALID =
  "WeCom says the person is not a valid receiver. Check that the person is a member and in the app's visible range (可见范围).";
const INVALID_GROUP =
  "WeCom says the department or tag is no valid receiver. Check that it exists and is in the app's visible range (可见范围).";
const UNLICENSED =
  "WeCom says the person has no licence for the interface (接口许可), or it has expired. Assign one in the admin console.";

export function outcomeOfResult(result: SendMessageResult): SendOutcome {
  // errcode 0 and such a receiver: WeCom took the request and delivered it to nobody.
  if (result.invalidUsers.length > 0) return { ...UNDELIVERED, code: "invaliduser", reason: INVALID };
  if (result.invalidParties.length > 0)
    return { ...UNDELIVERED, code: "invalidparty", reason: INVALID_GROUP };
  if (result.invalidTags.length > 0) return { ...UNDELIVERED, code: "invalidtag", reason: INVALID_GROUP };
  if (result.unlicensedUsers.length > 0)
    return { ...UNDELIVERED, code: "unlicenseduser", reason: UNLICENSED };
  const { msgId, responseCode } = result;
  return { kind: "sent", msgId, ...(responseCode === undefined ? {} : { responseCode }) };
}

export function outcomeOfError(error: unknown, attempt: number): SendOutcome {
  if (!(error instanceof WecomError)) return { kind: "unknown", code: "internal" };
  const { code } = error;
  switch (error.kind) {
    case "not_sent":
    case "busy":
    case "token":
      return { kind: "retry", code, error, afterMs: error.retryAfterMs ?? backoffMs(attempt) };
    case "rate":
      return { kind: "retry", code, error, afterMs: error.retryAfterMs ?? RATE_PAUSE_MS };
    case "credentials":
    case "configuration":
      // What only this kind of message meets does not get better for holding the conversation up.
      return concernsWholeApp(error)
        ? { kind: "retry", code, error, afterMs: error.retryAfterMs ?? CONFIGURATION_PAUSE_MS }
        : { kind: "refused", code, error, reason: error.hint };
    case "recipient":
    case "content":
      return { kind: "refused", code, error, reason: error.hint };
    case "unknown":
      return { kind: "unknown", code };
    default:
      return error.kind satisfies never;
  }
}
