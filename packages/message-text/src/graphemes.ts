const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The segmenter's cost per step grows with the length of its input (seen on Node 20), so the input is kept short. */
const WINDOW_CHARS = 128;

/** None of these joins another: every one is a grapheme, and no segmenter is needed to say so. */
const PLAIN = /^[ -~]*$/;

/** Cuts a text into what people see as one character, in linear time. */
export function splitGraphemes(text: string): string[] {
  const graphemes: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = windowEnd(text, from + WINDOW_CHARS);
    const window = text.slice(from, end);
    const segments = PLAIN.test(window)
      ? window.split("")
      : Array.from(segmenter.segment(window), ({ segment }) => segment);
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

/** One that is longer than a window, found by doubling. */
function firstGrapheme(text: string, from: number): string {
  for (let chars = WINDOW_CHARS * 2; ; chars *= 2) {
    const end = windowEnd(text, from + chars);
    const first = segmenter.segment(text.slice(from, end)).containing(0)?.segment ?? "";
    if (from + first.length < end || end === text.length) return first;
  }
}

/** Never inside a surrogate pair: half of one counts as a character of its own. */
function windowEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const isInsidePair = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return isInsidePair ? end + 1 : end;
}
