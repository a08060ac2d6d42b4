/** WeCom keeps this many bytes of a text message and cuts the rest without an error (WeCom doc 90236). */
export const TEXT_LIMIT_BYTES = 2048;

/** Where a long text is best cut, best first. Each pattern matches the end of a piece. */
const BORDERS = [/\n{2,}/gu, /\n/gu, /[。！？…；]|[.!?;](?=\s)/gu, /[，、,:：]|\s/gu];
/** A border in the first part of the window would make a needlessly short chunk. */
const EARLIEST_BORDER = 0.4;

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const utf8 = new TextEncoder();

/**
 * Splits a text into chunks of at most `limitBytes` of UTF-8 whose concatenation is the text. Cuts at paragraph,
 * line, sentence or word borders, never inside a grapheme unless one alone exceeds the limit, and then never
 * inside a code point.
 */
export function chunkText(text: string, limitBytes: number): string[] {
  const chunks: string[] = [];
  let rest = text;
  while (utf8.encode(rest).length > limitBytes) {
    const window = fittingPrefix(rest, limitBytes);
    const cut = bestBorder(window) ?? window.length;
    chunks.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  if (rest !== "") chunks.push(rest);
  return chunks;
}

/** The longest prefix of whole graphemes that fits. */
function fittingPrefix(text: string, limitBytes: number): string {
  // No character takes less than a byte, so a longer slice than the limit is never needed.
  const head = text.slice(0, limitBytes);
  let end = 0;
  let bytes = 0;
  for (const { segment } of graphemes.segment(head)) {
    const size = utf8.encode(segment).length;
    if (bytes + size > limitBytes) break;
    bytes += size;
    end += segment.length;
  }
  if (end === 0) return fittingCodePoints(head, limitBytes);
  return text.slice(0, end);
}

function fittingCodePoints(text: string, limitBytes: number): string {
  let end = 0;
  let bytes = 0;
  for (const point of text) {
    const size = utf8.encode(point).length;
    if (bytes + size > limitBytes) break;
    bytes += size;
    end += point.length;
  }
  return text.slice(0, Math.max(end, 1));
}

function bestBorder(window: string): number | undefined {
  const earliest = window.length * EARLIEST_BORDER;
  for (const border of BORDERS) {
    let last: number | undefined;
    for (const match of window.matchAll(border)) last = match.index + match[0].length;
    if (last !== undefined && last >= earliest) return last;
  }
  return undefined;
}
