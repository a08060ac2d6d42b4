import type { WecomErrorKind } from "./errors.ts";

/** Who can mend it: the gateway by itself, an operator, whoever composed the message, or a developer of ours. */
export type ErrcodeOwner = "gateway" | "operator" | "sender" | "developer";

export interface ErrcodeRow {
  readonly kind: WecomErrorKind;
  /** What WeCom means by it, in plain words. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
  readonly by: ErrcodeOwner;
  readonly retryAfterMs?: number;
}

/** Rows that share kind, owner and remedy: `[errcode, cause]` each. */
export interface ErrcodeGroup extends Omit<ErrcodeRow, "cause"> {
  readonly rows: readonly (readonly [errcode: number, cause: string])[];
}
