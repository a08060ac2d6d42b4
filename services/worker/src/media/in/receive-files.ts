import { setTimeout as delay } from "node:timers/promises";
import type { InboundMessage } from "@gateway/conversation";
import type { WecomClient } from "@gateway/wecom-client";
import { MEDIA_LIMIT_BYTES, WecomError } from "@gateway/wecom-client";
import type { Logger } from "pino";
import type { Attachment } from "../../runners/runner.ts";
import { uploadName } from "../out/media-type.ts";
import type { SniffedKind } from "../sniff.ts";
import { TooLargeError } from "../store-stream.ts";
import type { Inbox, StoredFile } from "./inbox.ts";
import { mimeType } from "./mime-type.ts";
import type { Transcribe } from "./transcriber.ts";

/** Pauses before the second and the third try; after that the turn waits as a whole. */
const PAUSES_MS = [500, 2000];
/** How long a message waits for its file, from its arrival. Then the person is told. */
const PATIENCE_MS = 10 * 60_000;
/** WeCom doc 90313; ids are good for three days. */
const MEDIA_ID_INVALID = 40007;

export type FileTrouble =
  | "expired"
  | "too_large"
  | "unavailable"
  | "voice_unsupported"
  | "voice_not_understood";

/** What a message with a file comes to. */
export type Received =
  | { readonly status: "file"; readonly attachment: Attachment; readonly said?: string }
  /** `attachment` is there when the file is, and only what was said in it is not known. */
  | { readonly status: "trouble"; readonly why: FileTrouble; readonly attachment?: Attachment };

export interface ReceiveDeps {
  readonly client: Pick<WecomClient, "downloadMedia">;
  readonly inbox: Inbox;
  /** Undefined where no speech recognition is configured. */
  readonly transcribe: Transcribe | undefined;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly pausesMs?: readonly number[];
}

/**
 * Fetches the files of a turn's messages by their media ids, never by an address that a message gives. By message id;
 * "later" when WeCom cannot be asked at the moment, so that the turn had better wait.
 */
export async function receiveFiles(
  conversation: string,
  messages: readonly InboundMessage[],
  deps: ReceiveDeps,
): Promise<ReadonlyMap<string, Received> | "later"> {
  const received = new Map<string, Received>();
  for (const message of messages) {
    const source = sourceOf(message);
    if (source === undefined) continue;
    const one = await receive(conversation, message, source, deps);
    if (one === "later") return "later";
    received.set(message.id, one);
  }
  return received;
}

interface Source {
  readonly kind: Attachment["kind"];
  readonly mediaId: string | undefined;
  /** What the person's client calls it. */
  readonly title?: string | undefined;
}

function sourceOf({ message }: InboundMessage): Source | undefined {
  switch (message.kind) {
    case "image":
    case "voice":
    case "video":
      return { kind: message.kind, mediaId: message.mediaId };
    case "file":
      return { kind: "file", mediaId: message.mediaId, title: message.title };
    default:
      return undefined;
  }
}

async function receive(
  conversation: string,
  message: InboundMessage,
  source: Source,
  deps: ReceiveDeps,
): Promise<Received | "later"> {
  if (source.mediaId === undefined) return { status: "trouble", why: "unavailable" };
  try {
    const known = await deps.inbox.find(conversation, message.id);
    const stored = known ?? (await fetch(conversation, message.id, source, source.mediaId, deps));
    const attachment = toAttachment(stored, source.kind);
    return source.kind === "voice" ? await listen(attachment, deps) : { status: "file", attachment };
  } catch (error) {
    return judge(error, message, deps);
  }
}

async function fetch(
  conversation: string,
  messageId: string,
  { kind, title }: Source,
  mediaId: string,
  deps: ReceiveDeps,
): Promise<StoredFile> {
  const limitBytes = MEDIA_LIMIT_BYTES.file;
  const pausesMs = deps.pausesMs ?? PAUSES_MS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const media = await deps.client.downloadMedia(mediaId, { limitBytes });
      const name = (sniffed: SniffedKind) => uploadName(title || media.filename, sniffed, kind);
      const file = { name, content: media.stream, limitBytes };
      return await deps.inbox.store(conversation, messageId, file).catch((error: unknown) => {
        // It may have failed before it read anything: the connection would stay open.
        media.stream.destroy();
        throw error;
      });
    } catch (error) {
      const pauseMs = pausesMs[attempt];
      if (!mayPass(error) || pauseMs === undefined) throw error;
      await delay(pauseMs, undefined, { signal: deps.signal });
    }
  }
}

function mayPass(error: unknown): boolean {
  return error instanceof WecomError && (error.retryable || error.kind === "unknown");
}

/** A limit, an outage or a wrong setting pass; whoever cannot fetch now could not answer either. */
function judge(error: unknown, message: InboundMessage, deps: ReceiveDeps): Received | "later" {
  const line = { messageId: message.id };
  if (error instanceof TooLargeError || codeOf(error) === "media_too_large")
    return { status: "trouble", why: "too_large" };
  if (error instanceof WecomError && error.kind === "content") {
    deps.logger.warn({ ...line, code: error.code, whatToDo: error.hint }, "a file cannot be fetched");
    return { status: "trouble", why: error.errcode === MEDIA_ID_INVALID ? "expired" : "unavailable" };
  }
  const waitedMs = deps.now() - message.receivedAtMs;
  deps.logger.warn({ ...line, err: error, waitedMs }, "a file is not there yet");
  return waitedMs < PATIENCE_MS || deps.signal.aborted ? "later" : { status: "trouble", why: "unavailable" };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof WecomError ? error.code : undefined;
}

async function listen(attachment: Attachment, deps: ReceiveDeps): Promise<Received> {
  if (deps.transcribe === undefined) return { status: "trouble", why: "voice_unsupported", attachment };
  try {
    const said = await deps.transcribe(attachment, deps.signal);
    return { status: "file", attachment, said };
  } catch (error) {
    deps.logger.warn({ err: error }, "a voice message was not transcribed");
    return { status: "trouble", why: "voice_not_understood", attachment };
  }
}

function toAttachment(
  { path, name, sizeBytes, kind: sniffed }: StoredFile,
  kind: Attachment["kind"],
): Attachment {
  return { kind, path, name, sizeBytes, mime: mimeType(sniffed, name) };
}
