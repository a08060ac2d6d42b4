import type { PackedChunk } from "./chunking/pack.ts";
import { pack } from "./chunking/pack.ts";
import { readMarkdown } from "./chunking/read-markdown.ts";
import { readText } from "./chunking/read-text.ts";
import type { FormattedReply } from "./format-reply.ts";
import { isBlank } from "./is-blank.ts";

/** Less has no room for a number and a few characters. */
const SMALLEST_LIMIT_BYTES = 32;

export interface ChunkOptions {
  /** Bytes of UTF-8 that one message holds: 2048 for text and for markdown (WeCom doc 90236). */
  readonly limitBytes: number;
  /** Puts "(2/5)" on a line before each of several chunks, counted inside the limit. */
  readonly number?: boolean;
}

/**
 * Splits a formatted reply into the contents of its messages, each inside the limit and none blank. Borders are those of
 * paragraphs, lines, sentences, code lines and words, in that order of preference; never inside a code point, and never
 * inside a grapheme, a link or an address that fits into a message. A frame around code, a quote, bold, a colour or inline
 * code that is open at a border is closed there and opened again in the next chunk; code that fits into one message stays
 * in one. Blank lines and spaces at a border are dropped.
 *
 * @throws RangeError when the limit is below 32 bytes
 */
export function chunkReply({ msgtype, content }: FormattedReply, options: ChunkOptions): string[] {
  const { limitBytes, number = false } = options;
  if (!(limitBytes >= SMALLEST_LIMIT_BYTES)) {
    throw new RangeError(`limitBytes must be at least ${SMALLEST_LIMIT_BYTES}`);
  }
  const atoms = msgtype === "markdown" ? readMarkdown(content) : readText(content);
  const chunksOf = (roomBytes: number) =>
    pack(atoms, roomBytes)
      .chunks.map(writeChunk)
      .filter((chunk) => !isBlank(chunk));
  const plain = chunksOf(limitBytes);
  if (!number || plain.length < 2) return plain;
  // The number takes room, which can make more chunks, whose number can be longer: seldom more than two rounds.
  for (let digits = 1; ; digits++) {
    const chunks = chunksOf(
      limitBytes - Buffer.byteLength(numbering("9".repeat(digits), "9".repeat(digits))),
    );
    const total = String(chunks.length);
    if (total.length <= digits)
      return chunks.map((chunk, index) => numbering(String(index + 1), total) + chunk);
  }
}

function numbering(index: string, total: string): string {
  return `(${index}/${total})\n`;
}

function writeChunk({ reopen, body, close }: PackedChunk): string {
  // Inside a frame every blank line and space is part of the code.
  const start = reopen.includes("\n") ? body : body.replace(/^(?:[^\S\n]*\n)+/u, "");
  if (!close.startsWith("\n")) return reopen + start.trimEnd() + close;
  return reopen + start + (start.endsWith("\n") ? close.slice(1) : close);
}
