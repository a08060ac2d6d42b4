/**
 * What went wrong, by what can be done about it:
 * - `token`: the access token was refused; a fresh one is being used, try again
 * - `rate`: WeCom's frequency limits; wait `retryAfterMs`
 * - `busy`: WeCom is busy, try again a few times
 * - `not_sent`: WeCom certainly did not get the request; sending it again cannot duplicate anything
 * - `unknown`: the request left, the answer did not arrive whole: WeCom may or may not have acted on it
 * - `credentials`: corp id or secret are wrong; an operator has to correct the configuration
 * - `configuration`: something to be set right in the WeCom admin console or in our configuration
 * - `recipient`: these receivers cannot be reached
 * - `content`: this message can never be sent as it is
 */
export type WecomErrorKind =
  | "token"
  | "rate"
  | "busy"
  | "not_sent"
  | "unknown"
  | "credentials"
  | "configuration"
  | "recipient"
  | "content";

const RETRYABLE_KINDS: ReadonlySet<WecomErrorKind> = new Set(["token", "rate", "busy", "not_sent"]);

/** Where an error happened: the call, like "message/send", and the app as "corp/agent". */
export interface WecomErrorContext {
  readonly api: string;
  readonly app: string;
}

export interface WecomErrorInput extends WecomErrorContext {
  readonly code: string;
  readonly kind: WecomErrorKind;
  /** What happened, as part of a sentence without full stop. */
  readonly summary: string;
  readonly hint: string;
  readonly errcode?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Only for `unknown`: true when calling again does no harm. */
  readonly retryable?: boolean | undefined;
}

/**
 * The one error of this package. It is always built from scratch and has no `cause`: the errors of the HTTP
 * and Redis clients carry URLs and arguments, and with them the secret, the access token or the message.
 */
export class WecomError extends Error {
  override readonly name = "WecomError";
  /** Stable and machine readable, like "connect_failed"; "errcode_60020" for an answer of WeCom. */
  readonly code: string;
  readonly kind: WecomErrorKind;
  /** True when the same call may be made again without any risk of its being carried out twice. */
  readonly retryable: boolean;
  /** What happened, in plain words. */
  readonly summary: string;
  /** What to do about it and who, in plain words. */
  readonly hint: string;
  readonly api: string;
  readonly app: string;
  readonly errcode?: number;
  /** The shortest wait that can help. */
  readonly retryAfterMs?: number;

  constructor(input: WecomErrorInput) {
    super(`${input.api} (app ${input.app}): ${input.summary}. ${input.hint}`);
    this.code = input.code;
    this.kind = input.kind;
    this.retryable = input.retryable ?? RETRYABLE_KINDS.has(input.kind);
    this.summary = input.summary;
    this.hint = input.hint;
    this.api = input.api;
    this.app = input.app;
    if (input.errcode !== undefined) this.errcode = input.errcode;
    if (input.retryAfterMs !== undefined) this.retryAfterMs = input.retryAfterMs;
  }
}
