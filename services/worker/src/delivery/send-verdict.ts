import type { PermitOutcome, WecomError } from "@gateway/wecom-client";
import { concernsWholeApp } from "@gateway/wecom-client";
import type { SendOutcome } from "./send-outcome.ts";

/** What an outcome says about everything else that is to be sent. */
export interface SendVerdict {
  readonly permit: PermitOutcome;
  /** blocked: 45009, the API is closed to the app for a while. crowded: 45033, too many calls at once. */
  readonly limit: "blocked" | "crowded" | undefined;
  /** Whether the app is set up well enough to send; undefined where that is as open as before. */
  readonly app: "works" | "broken" | undefined;
}

const FREQUENCY_LIMIT = 45009;
const CONCURRENCY_LIMIT = 45033;

export function verdictOf(outcome: SendOutcome): SendVerdict {
  switch (outcome.kind) {
    case "sent":
      return { permit: "sent", limit: undefined, app: "works" };
    case "unknown":
      return { permit: "used", limit: undefined, app: undefined };
    case "refused":
      // Without an errcode it was refused here, before it left.
      if (outcome.error !== undefined && outcome.error.errcode === undefined)
        return { permit: "unused", limit: undefined, app: undefined };
      return { permit: "used", limit: undefined, app: "works" };
    case "retry":
      return verdictOfError(outcome.error);
    default:
      return outcome satisfies never;
  }
}

function verdictOfError(error: WecomError): SendVerdict {
  if (concernsWholeApp(error)) return { permit: "unused", limit: undefined, app: "broken" };
  switch (error.kind) {
    case "not_sent":
    case "token":
      return { permit: "unused", limit: undefined, app: undefined };
    case "rate":
      // The calls for a token have limits of their own, and their own pause.
      if (error.api === "gettoken") return { permit: "unused", limit: undefined, app: undefined };
      return { permit: "used", limit: limitOf(error), app: undefined };
    default:
      return { permit: "used", limit: undefined, app: undefined };
  }
}

function limitOf({ errcode }: WecomError): SendVerdict["limit"] {
  if (errcode === FREQUENCY_LIMIT) return "blocked";
  return errcode === CONCURRENCY_LIMIT ? "crowded" : undefined;
}
