import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import type { Attachment, Turn } from "../runner.ts";
import type { HermesRun } from "./run-state.ts";

/** Hermes takes 10 MB; a picture grows by a third on its way. */
const REQUEST_LIMIT_BYTES = 9 * 1024 * 1024;
const IMAGE_TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
/** A checkpoint holds 64 KiB. */
const PACKED_LIMIT_CHARS = 56 * 1024;

const CONTINUE =
  "[The service was restarted while you were working on my last message. Go on with it; do not repeat what is done already. If you do not find it in this conversation, say so.]";

const partsSchema = z.object({ text: z.string(), instructions: z.string() });
type Parts = z.output<typeof partsSchema>;

export type Prepared = Pick<HermesRun, "request" | "images">;

/** What a turn asks of Hermes, fit to be stored. `sharesDisk`: Hermes can open the paths that stand in the text. */
export async function prepareRequest(
  turn: Turn,
  { instructions, sharesDisk }: { readonly instructions: string; readonly sharesDisk: boolean },
): Promise<Prepared> {
  const text = sharesDisk ? turn.text : withoutPaths(turn);
  return { request: pack({ text, instructions }), images: await chooseImages(turn.attachments) };
}

/**
 * Asks an agent that was cut off to go on. What the person wrote is in its session already; of what they added nobody
 * knows.
 */
export function prepareContinuation(run: HermesRun, additions: readonly string[]): Prepared {
  const added = additions.length === 0 ? [] : ["Meanwhile I have added:", ...additions];
  return { request: pack({ ...unpack(run.request), text: [CONTINUE, ...added].join("\n") }), images: [] };
}

/** The request's body, the same bytes each time. Undefined when a picture that belongs to it is gone. */
export async function bodyOf(
  run: HermesRun,
  attachments: readonly Attachment[],
): Promise<string | undefined> {
  const { text, instructions } = unpack(run.request);
  const urls: string[] = [];
  const contents = run.images.length === 0 ? [] : await readImages(attachments);
  for (const { sha256, mime } of run.images) {
    const found = contents.find((content) => digest(content) === sha256);
    if (found === undefined) return undefined;
    urls.push(`data:${mime};base64,${found.toString("base64")}`);
  }
  const content = [{ type: "text", text }, ...urls.map((url) => ({ type: "image_url", image_url: { url } }))];
  const input = urls.length === 0 ? text : [{ role: "user", content }];
  return JSON.stringify({ input, session_id: run.sessionId, instructions });
}

function withoutPaths({ text, attachments }: Turn): string {
  return attachments.reduce((rest, { path }) => rest.replaceAll(` (${path})`, ""), text);
}

async function chooseImages(attachments: readonly Attachment[]): Promise<HermesRun["images"]> {
  let left = REQUEST_LIMIT_BYTES;
  const chosen: { sha256: string; mime: string }[] = [];
  for (const attachment of attachments) {
    const sizeBytes = Math.ceil(attachment.sizeBytes / 3) * 4;
    if (!isImage(attachment) || sizeBytes > left) continue;
    const content = await readFile(attachment.path).catch(() => undefined);
    if (content === undefined) continue;
    left -= sizeBytes;
    chosen.push({ sha256: digest(content), mime: attachment.mime });
  }
  return chosen;
}

async function readImages(attachments: readonly Attachment[]): Promise<Buffer[]> {
  const read = attachments.filter(isImage).map(({ path }) => readFile(path).catch(() => undefined));
  return (await Promise.all(read)).filter((content) => content !== undefined);
}

const isImage = ({ mime, sizeBytes }: Attachment) => IMAGE_TYPES.has(mime) && sizeBytes < REQUEST_LIMIT_BYTES;

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Text beyond what can be stored is cut, and says so. */
function pack(parts: Parts): string {
  let { text } = parts;
  for (;;) {
    const packed = deflateRawSync(JSON.stringify({ ...parts, text })).toString("base64");
    if (packed.length <= PACKED_LIMIT_CHARS) return packed;
    text = `${text.slice(0, Math.floor(text.length / 2)).toWellFormed()}\n[The rest of the message was too long and has been cut off.]`;
  }
}

function unpack(packed: string): Parts {
  return partsSchema.parse(JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString("utf8")));
}
