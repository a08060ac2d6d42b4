import type { ChunkMedia } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { WecomClient } from "@gateway/wecom-client";
import { safeFileName } from "@gateway/wecom-client";
import type { Logger } from "pino";
import type { AgentFile } from "../../runners/runner.ts";
import type { Download } from "./download.ts";
import { DownloadError } from "./download.ts";
import type { FileProblem, GatheredFile } from "./gather-files.ts";
import { FILES_PER_REPLY, gatherFiles } from "./gather-files.ts";
import { chooseMediaType, uploadName } from "./media-type.ts";
import type { Spool } from "./spool.ts";
import { uploadFile } from "./upload-file.ts";

/** A file that is to follow the text of a reply. */
export interface PlannedFile {
  readonly media: ChunkMedia;
  /** Undefined when it could not be uploaded yet. */
  readonly mediaId: string | undefined;
}

export interface PreparedReply {
  /** Without the tags of files. */
  readonly text: string;
  readonly files: readonly PlannedFile[];
  /** What the person is told of files that are not sent. */
  readonly notes: readonly string[];
}

export interface MediaOptions {
  /** Directories of which agents may send files. Empty: none. */
  readonly dirs: readonly string[];
  /** Whether pictures that a reply shows by their address are downloaded and sent. */
  readonly urls: boolean;
  /** A reply of more messages than this goes as one file; 0 for never. */
  readonly wholeAfterChunks: number;
}

export const DEFAULT_MEDIA_OPTIONS: MediaOptions = { dirs: [], urls: false, wholeAfterChunks: 10 };

export interface PrepareDeps {
  readonly client: Pick<WecomClient, "uploadMedia">;
  readonly texts: Pick<Texts, "delivery">;
  readonly options: MediaOptions;
  readonly spool: Spool;
  readonly download: Download;
  readonly logger: Pick<Logger, "warn">;
  /** Ends the waiting: what is not uploaded by then is uploaded when it is sent. */
  readonly signal: AbortSignal;
}

/**
 * Takes the files out of an agent's reply, uploads them, and tells which ones are not sent and why. Never rejects: an
 * answer is worth more than its files.
 */
export async function prepareFiles(
  reply: { readonly text: string; readonly files: readonly AgentFile[] },
  deps: PrepareDeps,
): Promise<PreparedReply> {
  const { texts, options, spool, download, logger, signal } = deps;
  const onError = (error: unknown) =>
    logger.warn(
      error instanceof DownloadError ? { code: error.code } : { err: error },
      "a file was not fetched",
    );
  const gathered = await gatherFiles(reply, {
    ...{ spool, download, signal, onError },
    ...{ allowedDirs: options.dirs, urls: options.urls },
  });
  const files: PlannedFile[] = [];
  const problems: { name: string; why: FileProblem | "refused" }[] = [...gathered.problems];
  for (const file of gathered.files) {
    const media = describe(file, gathered.asDocument);
    const planned = await planUpload(media, deps);
    if (planned === undefined) problems.push({ name: file.name, why: "refused" });
    else files.push(planned);
  }
  const notes = problems.map(({ name, why }) =>
    texts.delivery.fileNotSent({ name: safeFileName(name), reason: reasonOf(why, texts) }),
  );
  if (gathered.surplus > 0)
    notes.push(texts.delivery.filesSurplus({ count: gathered.surplus, limit: FILES_PER_REPLY }));
  return { text: gathered.text, files, notes };
}

function describe({ name, spooled }: GatheredFile, asDocument: boolean): ChunkMedia {
  const type = chooseMediaType(spooled, asDocument);
  const { id: spoolId, sizeBytes, kind } = spooled;
  return { spoolId, type, filename: uploadName(name, kind, type), sizeBytes };
}

/** Uploads a file, or leaves it for later. Undefined when WeCom refuses it for good. */
export async function planUpload(media: ChunkMedia, deps: PrepareDeps): Promise<PlannedFile | undefined> {
  const later: PlannedFile = { media, mediaId: undefined };
  const outcome = await orAbort(() => uploadFile(media, deps), deps.signal);
  switch (outcome?.status) {
    case "uploaded":
      return { media: outcome.media, mediaId: outcome.mediaId };
    case "refused":
      deps.logger.warn({ code: outcome.code }, "WeCom refused a file");
      return undefined;
    case "later":
      deps.logger.warn({ err: outcome.error }, "a file is uploaded later");
      return later;
    default:
      return later;
  }
}

/** Undefined when it takes too long; an upload that then still ends harms nobody. */
async function orAbort<Result>(
  start: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  if (signal.aborted) return undefined;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener("abort", onAbort);
  });
  return Promise.race([start(), aborted]).finally(() => signal.removeEventListener("abort", onAbort));
}

function reasonOf(why: FileProblem | "refused", { delivery }: Pick<Texts, "delivery">): string {
  switch (why) {
    case "not_allowed":
      return delivery.fileNotAllowed;
    case "missing":
      return delivery.fileMissing;
    case "too_large":
      return delivery.fileTooLarge;
    case "too_small":
      return delivery.fileTooSmall;
    case "refused":
      return delivery.fileRefused;
    case "not_a_file":
    case "unreadable":
    case "failed":
      return delivery.fileUnreadable;
    default:
      return why satisfies never;
  }
}
