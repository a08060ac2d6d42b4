import type { ReplyFormat } from "@gateway/message-text";

/** How an app's replies are written and what becomes of those that meet trouble. */
export interface ReplyOptions {
  readonly format: ReplyFormat;
  /** Puts "(2/5)" before each of several parts. */
  readonly number: boolean;
  /** What becomes of a part of which nobody knows whether it arrived, once WeCom would no longer recognise it. */
  readonly unknownOutcome: "dead-letter" | "resend-marked";
  /** What becomes of a reply that could not be sent for a day. */
  readonly late: "dead-letter" | "send-marked";
  /** Messages to one person each that the app may send in a day (accounts of the corp × 200); undefined: not counted. */
  readonly perDay: number | undefined;
}

export const DEFAULT_REPLY_OPTIONS: ReplyOptions = {
  format: "text",
  number: false,
  unknownOutcome: "dead-letter",
  late: "dead-letter",
  perDay: undefined,
};
