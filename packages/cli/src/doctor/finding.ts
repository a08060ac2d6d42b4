/** What one check of the doctor found. */
export interface Finding {
  readonly check: "configuration" | "redis" | "credentials" | "agent" | "callback";
  /** The app that was checked; nothing for what concerns all. */
  readonly app?: string;
  readonly status: "ok" | "warning" | "problem" | "skipped";
  /** What is so, in a sentence. Never a secret. */
  readonly says: string;
  /** What to do about it. */
  readonly fix?: string;
}
