import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { safeFileName } from "@gateway/wecom-client";
import { makePrivateDir } from "../private-dir.ts";
import type { SniffedKind } from "../sniff.ts";
import { readHead, sniffKind } from "../sniff.ts";
import { storeStream } from "../store-stream.ts";

/** Below the media directory. */
export const INBOX_DIR = "inbox";

export interface StoredFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly kind: SniffedKind;
}

/**
 * Files that people sent, a directory for each conversation. Names of people and corps are in no path. A message's file is
 * stored once: whoever runs the turn again finds it.
 */
export interface Inbox {
  find(conversation: string, messageId: string): Promise<StoredFile | undefined>;
  /** @throws TooLargeError */
  store(
    conversation: string,
    messageId: string,
    file: {
      readonly name: (kind: SniffedKind) => string;
      readonly content: AsyncIterable<Buffer>;
      readonly limitBytes: number;
    },
  ): Promise<StoredFile>;
}

export function createInbox(mediaDir: string): Inbox {
  const dirOf = (conversation: string) => join(mediaDir, INBOX_DIR, digest(conversation));

  const find = async (conversation: string, messageId: string) => {
    const dir = join(dirOf(conversation), digest(messageId));
    const [name] = await readdir(dir).catch(() => []);
    return name === undefined ? undefined : describe(dir, name);
  };

  return {
    find,
    async store(conversation, messageId, { name, content, limitBytes }) {
      const parent = await makePrivateDir(mediaDir, INBOX_DIR, digest(conversation));
      // A directory appears under its own name when its file is whole.
      const part = join(parent, `.part-${randomUUID()}`);
      await mkdir(part, { mode: 0o700 });
      try {
        const raw = join(part, "file");
        await storeStream(content, raw, limitBytes);
        await rename(raw, join(part, safeFileName(name(await kindOf(raw)))));
        await rename(part, join(parent, digest(messageId)));
      } catch (error) {
        await rm(part, { recursive: true, force: true });
        // Another run of the same turn was faster.
        if (!isTaken(error)) throw error;
      }
      const stored = await find(conversation, messageId);
      if (stored === undefined) throw new Error("a stored file is gone again");
      return stored;
    },
  };
}

async function describe(dir: string, name: string): Promise<StoredFile | undefined> {
  const path = join(dir, name);
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { path, name, sizeBytes: found.size, kind: await kindOf(path) };
}

async function kindOf(path: string): Promise<SniffedKind> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return sniffKind(await readHead(file));
  } finally {
    await file.close();
  }
}

function isTaken(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return code === "ENOTEMPTY" || code === "EEXIST";
}

function digest(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 32);
}
