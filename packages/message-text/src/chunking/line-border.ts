import type { Cut } from "./atom.ts";
import { CUT } from "./atom.ts";

/** A heading, or a line that announces what follows, should not be the last of a chunk. */
const LEADS_IN = /^(?:#{1,6} |【[^\n]*】$|◆ )|[:：]$/u;

/** How good a cut behind line `index` is, outside code. */
export function rateLineEnd(lines: readonly string[], index: number): Cut {
  // Blank lines go with what is before them, so the cut is behind the last of them.
  if (isBlankLine(lines[index + 1])) return CUT.grapheme;
  const isParagraphEnd = isBlankLine(lines[index]);
  const last = isParagraphEnd ? (lines[index - 1] ?? "") : (lines[index] ?? "");
  if (LEADS_IN.test(last)) return CUT.word;
  return isParagraphEnd ? CUT.paragraph : CUT.line;
}

function isBlankLine(line: string | undefined): boolean {
  return line !== undefined && line.trim() === "";
}
