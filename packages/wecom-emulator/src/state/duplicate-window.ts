import { createHash } from "node:crypto";
import { BoundedMap } from "./bounded-map.ts";

/**
 * Remembers requests sent with `enable_duplicate_check`. WeCom calls two requests duplicates when their JSON is the
 * same (doc 90236); here that means the same bytes. What a suppressed request answers is undocumented: this one
 * answers success with the first message's id.
 */
export interface DuplicateWindow {
  /** The message id of the request that these bytes repeat, if it is still inside its interval. */
  find(appName: string, body: Buffer): string | undefined;
  remember(appName: string, body: Buffer, msgId: string, intervalMs: number): void;
  clear(): void;
}

export function createDuplicateWindow(nowMs: () => number, maxEntries = 50_000): DuplicateWindow {
  const seen = new BoundedMap<string, { msgId: string; untilMs: number }>(maxEntries);
  const keyOf = (appName: string, body: Buffer) =>
    `${appName}\n${createHash("sha256").update(body).digest("base64")}`;
  return {
    find(appName, body) {
      const entry = seen.get(keyOf(appName, body));
      return entry !== undefined && nowMs() < entry.untilMs ? entry.msgId : undefined;
    },
    remember(appName, body, msgId, intervalMs) {
      seen.set(keyOf(appName, body), { msgId, untilMs: nowMs() + intervalMs });
    },
    clear: () => seen.clear(),
  };
}
