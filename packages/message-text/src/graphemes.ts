const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The segmenter's cost per step grows with the length of its input (seen on Node 20), so the input is kept short. */
const WINDOW_CHARS = 128;

/** Cuts a text into what people see as one character, in linear time. */
export function splitGraphemes(text: string): string[] {
  const graphemes: string[] = [];
  for (let from = 0; from < text.length; ) {
    while (isPlain(text, from) && isPlain(text, from + 1)) graphemes.push(text.charAt(from++));
    const end = windowEnd(text, from);
    const window = text.slice(from, end);
    const segments =
      window.length === 1 ? [window] : Array.from(segmenter.segment(window), ({ segment }) => segment);
    // The last one may go on behind the window, so the next window begins with it.
    if (end < text.length) segments.pop();
    if (segments.length === 0) segments.push(firstGrapheme(text, from));
    for (const segment of segments) {
      graphemes.push(segment);
      from += segment.length;
    }
  }
  return graphemes;
}

/**
 * None of these joins another of them, so no segmenter is needed to cut between two: Latin letters, punctuation, frames,
 * kana, 汉字, whole syllables of 한글, without what may be an emoji (Unicode, Grapheme_Cluster_Break=Other, LV, LVT).
 */
function isPlain(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 0x300) return (code >= 0x20 && code <= 0x7e) || code >= 0xc0;
  if (code < 0x3000) return (code >= 0x2010 && code <= 0x2027) || (code >= 0x2500 && code <= 0x259f);
  if (code < 0x4e00) return code <= 0x3029 || (code >= 0x3041 && code <= 0x3096) || isKatakana(code);
  return code <= 0x9fff || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xff01 && code <= 0xff60);
}

function isKatakana(code: number): boolean {
  return code >= 0x30a1 && code <= 0x30ff;
}

/** One that is longer than a window, found by doubling. */
function firstGrapheme(text: string, from: number): string {
  for (let chars = WINDOW_CHARS * 2; ; chars *= 2) {
    const end = wholePair(text, from + chars);
    const first = segmenter.segment(text.slice(from, end)).containing(0)?.segment ?? "";
    if (from + first.length < end || end === text.length) return first;
  }
}

/** Behind the next plain character: what comes after that is for another window. */
function windowEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + WINDOW_CHARS);
  let end = from + 1;
  while (end < limit && !isPlain(text, end)) end++;
  return wholePair(text, end + 1);
}

/** Never inside a surrogate pair: half of one counts as a character of its own. */
function wholePair(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const isInsidePair = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return isInsidePair ? end + 1 : end;
}
