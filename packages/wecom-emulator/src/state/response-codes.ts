import { randomBytes } from "node:crypto";
import { WECOM_LIMITS } from "../limits.ts";
import { BoundedMap } from "./bounded-map.ts";

/** Codes that allow one update of a card within 72 hours (doc 94888). */
export interface ResponseCodes {
  issue(input: { appName: string; msgId: string }): string;
  /** The message that the code updates. Undefined when it is unknown, of another app, used or too old. */
  find(appName: string, code: string): { msgId: string } | undefined;
  /** Uses the code up. */
  use(code: string): void;
  clear(): void;
}

export function createResponseCodes(nowMs: () => number): ResponseCodes {
  const codes = new BoundedMap<string, { appName: string; msgId: string; untilMs: number }>(50_000);
  return {
    issue(input) {
      const code = randomBytes(32).toString("base64url");
      codes.set(code, { ...input, untilMs: nowMs() + WECOM_LIMITS.responseCodeTtlMs });
      return code;
    },
    find(appName, code) {
      const entry = codes.get(code);
      if (entry === undefined || entry.appName !== appName || nowMs() >= entry.untilMs) return undefined;
      return { msgId: entry.msgId };
    },
    use: (code) => {
      codes.delete(code);
    },
    clear: () => codes.clear(),
  };
}
