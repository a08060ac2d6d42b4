import { basename } from "node:path";
import { MEDIA_LIMIT_BYTES, MEDIA_MIN_BYTES } from "@gateway/wecom-client";
import type { AgentFile } from "../../runners/runner.ts";
import { TooLargeError } from "../store-stream.ts";
import type { FileRefusal } from "./allowed-file.ts";
import { openAllowedFile } from "./allowed-file.ts";
import type { Download } from "./download.ts";
import { DownloadError } from "./download.ts";
import type { MediaSource, MediaTag } from "./media-tags.ts";
import { findMediaTags, removeRanges } from "./media-tags.ts";
import type { Spool, SpooledFile } from "./spool.ts";

/** Files that one reply sends at most; a person gets 30 messages a minute at most. */
export const FILES_PER_REPLY = 10;

export interface GatheredFile {
  readonly name: string;
  readonly spooled: SpooledFile;
}

export type FileProblem = FileRefusal | "too_large" | "too_small" | "failed";

export interface Gathered {
  /** The reply as the person is to read it. */
  readonly text: string;
  readonly files: readonly GatheredFile[];
  /** Files that are not sent, for the person to know. */
  readonly problems: readonly { readonly name: string; readonly why: FileProblem }[];
  /** Files over FILES_PER_REPLY. */
  readonly surplus: number;
  /** Pictures go as files. */
  readonly asDocument: boolean;
}

export interface GatherDeps {
  readonly spool: Spool;
  readonly download: Download;
  readonly allowedDirs: readonly string[];
  /** Whether addresses in the reply are downloaded. */
  readonly urls: boolean;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

type Fetched =
  | { readonly ok: true; readonly file: GatheredFile }
  | { readonly ok: false; readonly name: string; readonly why: FileProblem };

/**
 * Copies the files that a reply names, in its text or beside it, and takes their tags out of the text. An address that is
 * not downloaded stays in the text, where it still is of use.
 */
export async function gatherFiles(
  reply: { readonly text: string; readonly files: readonly AgentFile[] },
  deps: GatherDeps,
): Promise<Gathered> {
  const { tags, directives, asDocument } = findMediaTags(reply.text);
  const wanted = tags.filter(({ source }) => source.kind === "path" || deps.urls);
  const results = new Map<string, Fetched>();
  let surplus = 0;
  const once = async (key: string, fetch: () => Promise<Fetched>) => {
    if (results.has(key)) return;
    if (results.size >= FILES_PER_REPLY) surplus += 1;
    else results.set(key, await guarded(fetch, deps));
  };
  for (const { source, inText } of wanted)
    await once(keyOf(source), () =>
      source.kind === "path" ? fetchPath(source.path, deps) : fetchUrl(source.url, inText, deps),
    );
  for (const [index, file] of reply.files.entries())
    await once("path" in file ? `path ${file.path}` : `content ${index}`, () =>
      "path" in file ? fetchPath(file.path, deps) : addContent(file.name, [file.content], deps),
    );

  const isGone = ({ source, inText }: MediaTag) => {
    const result = results.get(keyOf(source));
    return result?.ok === true || (source.kind === "path" && !inText);
  };
  const fetched = [...results.entries()];
  return {
    text: removeRanges(reply.text, [...wanted.filter(isGone), ...directives]),
    files: fetched.flatMap(([, result]) => (result.ok ? [result.file] : [])),
    // A failed download is no loss: its address is still in the text.
    problems: fetched.flatMap(([key, result]) => (result.ok || key.startsWith("url ") ? [] : [result])),
    surplus,
    asDocument,
  };
}

function keyOf(source: MediaSource): string {
  return source.kind === "path" ? `path ${source.path}` : `url ${source.url}`;
}

async function guarded(fetch: () => Promise<Fetched>, deps: GatherDeps): Promise<Fetched> {
  try {
    return await fetch();
  } catch (error) {
    deps.onError(error);
    return { ok: false, name: "", why: "failed" };
  }
}

async function fetchPath(path: string, deps: GatherDeps): Promise<Fetched> {
  const name = basename(path);
  const opened = await openAllowedFile(path, deps.allowedDirs);
  if (!opened.ok) return { ok: false, name, why: opened.why };
  try {
    const { size } = await opened.handle.stat();
    if (size > MEDIA_LIMIT_BYTES.file) return { ok: false, name, why: "too_large" };
    // Awaited here: the handle is closed when we leave.
    return await addContent(name, opened.handle.createReadStream({ start: 0, autoClose: false }), deps);
  } finally {
    await opened.handle.close();
  }
}

/** For a picture in the text the answer has to be one: a page that says "not found" is not sent. */
async function fetchUrl(url: string, isPicture: boolean, deps: GatherDeps): Promise<Fetched> {
  const { name, contentType, stream } = await deps.download(url, deps.signal);
  const fetched = await addContent(name, stream, deps);
  if (!fetched.ok || !isPicture || fetched.file.spooled.kind !== "other" || /^image\//i.test(contentType))
    return fetched;
  await deps.spool.remove(fetched.file.spooled.id);
  throw new DownloadError("not_a_picture");
}

async function addContent(
  name: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  deps: GatherDeps,
): Promise<Fetched> {
  try {
    const spooled = await deps.spool.add(content);
    if (spooled.sizeBytes >= MEDIA_MIN_BYTES) return { ok: true, file: { name, spooled } };
    await deps.spool.remove(spooled.id);
    return { ok: false, name, why: "too_small" };
  } catch (error) {
    if (error instanceof TooLargeError) return { ok: false, name, why: "too_large" };
    deps.onError(error);
    return { ok: false, name, why: "failed" };
  }
}
