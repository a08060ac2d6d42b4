import type { Atom } from "./chunking/atom.ts";
import { createAtom, NOTHING_OPEN } from "./chunking/atom.ts";
import { rateLineEnd } from "./chunking/line-border.ts";
import { pack } from "./chunking/pack.ts";
import { addTextAtoms } from "./chunking/text-atoms.ts";

/** WeCom keeps this many bytes of a text message and cuts the rest without an error (WeCom doc 90236). */
export const TEXT_LIMIT_BYTES = 2048;

/**
 * Splits a text into chunks of at most `limitBytes` (at least 4) of UTF-8 whose concatenation is the text. Cuts at
 * paragraph, line, sentence or word borders, never inside a grapheme unless one alone exceeds the limit, and then never
 * inside a code point. It knows no links and no markup: see `chunkReply`.
 */
export function chunkText(text: string, limitBytes: number): string[] {
  const lines = text.split("\n");
  const atoms: Atom[] = [];
  for (const [index, line] of lines.entries()) {
    addTextAtoms(atoms, line, NOTHING_OPEN);
    if (index < lines.length - 1) atoms.push(createAtom("\n", rateLineEnd(lines, index), NOTHING_OPEN));
  }
  return pack(atoms, limitBytes).chunks.map(({ body }) => body);
}
