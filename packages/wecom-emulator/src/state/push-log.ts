import type { PushContent } from "../callback/push-content.ts";
import { createBoundedLog } from "./bounded-log.ts";

export interface PushAttempt {
  readonly url: string;
  readonly atMs: number;
  readonly latencyMs: number;
  readonly outcome: "answered" | "timeout" | "connection_failed";
  readonly status?: number;
  /** `success` and an empty body acknowledge; anything else is worth a look. */
  readonly answer?: "empty" | "success" | "other";
  readonly error?: string;
}

/** pending: still trying · acknowledged: a 200 came · refused: another status, not tried again · lost: all attempts failed */
export type PushStatus = "pending" | "acknowledged" | "refused" | "lost";

/** A message or event that a member caused, and what the callback URL made of it. */
export interface PushRecord {
  readonly id: string;
  readonly seq: number;
  readonly atMs: number;
  readonly appName: string;
  readonly corpId: string;
  readonly agentId: string;
  readonly userId: string;
  readonly content: PushContent;
  /** Only messages have one. Longer than a double can hold, so a string. */
  readonly msgId?: string;
  readonly plaintext: string;
  status: PushStatus;
  readonly attempts: PushAttempt[];
}

export interface PushLog {
  add(record: PushRecord): void;
  find(id: string): PushRecord | undefined;
  list(filter?: { appName?: string | undefined; userId?: string | undefined }): readonly PushRecord[];
  clear(): void;
}

export function createPushLog(maxPushes: number): PushLog {
  const byId = new Map<string, PushRecord>();
  const log = createBoundedLog<PushRecord>({
    maxEntries: maxPushes,
    onEvict: (record) => byId.delete(record.id),
  });
  return {
    add(record) {
      byId.set(record.id, record);
      log.add(record);
    },
    find: (id) => byId.get(id),
    list({ appName, userId } = {}) {
      const user = userId?.toLowerCase();
      return log
        .all()
        .filter(
          (record) =>
            (appName === undefined || record.appName === appName) &&
            (user === undefined || record.userId.toLowerCase() === user),
        );
    },
    clear() {
      byId.clear();
      log.clear();
    },
  };
}
