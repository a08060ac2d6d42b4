import { createBoundedLog } from "./bounded-log.ts";

/** One request to the API, whatever came of it. Never holds a token, a secret or content. */
export interface ApiCallRecord {
  readonly seq: number;
  readonly atMs: number;
  readonly path: string;
  readonly appName?: string;
  readonly ip: string;
  readonly bytes: number;
  readonly status: number;
  readonly errcode: number;
  readonly errmsg: string;
  readonly latencyMs: number;
  readonly fault?: string;
}

export interface CallLog {
  add(record: ApiCallRecord): void;
  list(filter?: { path?: string | undefined; appName?: string | undefined }): readonly ApiCallRecord[];
  /** Calls per path since the start or the last reset; exact however many there were. */
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

export function createCallLog(maxCalls: number): CallLog {
  const log = createBoundedLog<ApiCallRecord>({ maxEntries: maxCalls });
  let counts = new Map<string, number>();
  return {
    add(record) {
      log.add(record);
      // Unknown paths are counted as one, so that a scanner cannot fill the memory.
      const path = record.status === 404 ? "(unknown)" : record.path;
      counts.set(path, (counts.get(path) ?? 0) + 1);
    },
    list: ({ path, appName } = {}) =>
      log
        .all()
        .filter(
          (call) =>
            (path === undefined || call.path === path) && (appName === undefined || call.appName === appName),
        ),
    counts: () => Object.fromEntries(counts),
    clear() {
      log.clear();
      counts = new Map();
    },
  };
}
