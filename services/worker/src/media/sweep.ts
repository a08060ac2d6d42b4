import type { Dirent } from "node:fs";
import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { INBOX_DIR } from "./in/inbox.ts";
import { OUTGOING_DIR } from "./out/spool.ts";

const EVERY_MS = 3600_000;

/** Removes what has been kept long enough, now and every hour. Links are removed, never followed. */
export function startSweeper(deps: {
  readonly mediaDir: string;
  readonly keepMs: number;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly now: () => number;
}): { stop(): void } {
  const run = () => {
    sweep(deps.mediaDir, deps.now() - deps.keepMs).then(
      (removed) => removed > 0 && deps.logger.info({ removed }, "old files of messages were removed"),
      (error: unknown) => deps.logger.warn({ err: error }, "old files of messages were not removed"),
    );
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Removes what was last changed before that time. Returns how many. */
export async function sweep(mediaDir: string, beforeMs: number): Promise<number> {
  let removed = await removeOld(join(mediaDir, OUTGOING_DIR), beforeMs);
  const inbox = join(mediaDir, INBOX_DIR);
  for (const entry of await list(inbox)) {
    if (!entry.isDirectory()) continue;
    const dir = join(inbox, entry.name);
    // Looked at first: emptying a directory makes it a fresh one.
    const isOld = await isOlder(dir, beforeMs);
    removed += await removeOld(dir, beforeMs);
    // Fails, as it should, while something is in it.
    if (isOld) await rmdir(dir).catch(() => undefined);
  }
  return removed;
}

async function removeOld(dir: string, beforeMs: number): Promise<number> {
  let removed = 0;
  for (const { name } of await list(dir)) {
    const path = join(dir, name);
    if (!(await isOlder(path, beforeMs))) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function list(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch(() => []);
}

async function isOlder(path: string, beforeMs: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.mtimeMs < beforeMs;
}
