import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { MEDIA_LIMIT_BYTES } from "@gateway/wecom-client";
import { makePrivateDir } from "../private-dir.ts";
import type { SniffedKind } from "../sniff.ts";
import { amrSeconds, readHead, sniffKind } from "../sniff.ts";
import { storeStream } from "../store-stream.ts";

/** A file as it was when the agent named it. The agent may change or remove its own; this one is what is sent. */
export interface SpooledFile {
  readonly id: string;
  readonly sizeBytes: number;
  readonly kind: SniffedKind;
  /** Of an AMR file. */
  readonly seconds?: number;
}

/** Copies of files that replies send, kept for uploads that have to be made later or again. */
export interface Spool {
  /**
   * Copies a stream, up to the largest file WeCom takes.
   * @throws TooLargeError
   */
  add(content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<SpooledFile>;
  /** Undefined when it is gone: cleaned away, or spooled by a worker with another directory. The caller closes it. */
  open(id: string): Promise<FileHandle | undefined>;
  remove(id: string): Promise<void>;
}

/** Below the media directory. */
export const OUTGOING_DIR = "outgoing";

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Nothing is touched until the first file comes. */
export function createSpool(mediaDir: string): Spool {
  const pathOf = (id: string) => join(mediaDir, OUTGOING_DIR, id);
  return {
    async add(content) {
      await makePrivateDir(mediaDir, OUTGOING_DIR);
      const id = randomUUID();
      const path = pathOf(id);
      const sizeBytes = await storeStream(content, `${path}.part`, MEDIA_LIMIT_BYTES.file);
      await rename(`${path}.part`, path);
      const kind = await kindOf(path);
      // A larger file is sent as a file, so its length does not matter.
      const isVoice = kind === "amr" && sizeBytes <= MEDIA_LIMIT_BYTES.voice;
      return isVoice
        ? { id, sizeBytes, kind, seconds: amrSeconds(await readFile(path)) }
        : { id, sizeBytes, kind };
    },
    async open(id) {
      if (!ID.test(id)) return undefined;
      return open(pathOf(id), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
    },
    async remove(id) {
      if (ID.test(id)) await rm(pathOf(id), { force: true });
    },
  };
}

async function kindOf(path: string): Promise<SniffedKind> {
  const file = await open(path);
  try {
    return sniffKind(await readHead(file));
  } finally {
    await file.close();
  }
}
