import { fileURLToPath } from "node:url";

export type MediaSource =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

/** A place in a reply where the agent asks for a file to be sent. */
export interface MediaTag {
  readonly start: number;
  readonly end: number;
  readonly source: MediaSource;
  /** A picture of the text's own, `![alt](address)`: should it not be sent, its words stay. */
  readonly inText: boolean;
}

export interface MediaTags {
  readonly tags: readonly MediaTag[];
  /** Words for the gateway alone, which nobody is to see. */
  readonly directives: readonly Range[];
  /** `[[as_document]]`: pictures are to be sent as files. */
  readonly asDocument: boolean;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

const FENCE = /^[ \t]{0,12}(`{3,}|~{3,})/;
const DIRECTIVE = /\[\[(as_document|audio_as_voice)\]\]/g;
/** An address in angle brackets, or without spaces; then perhaps a title. Bounded, so that no input is slow. */
const PICTURE =
  /(?<!\[)!\[[^\]\n]{0,300}\]\(\s{0,9}(?:<([^<>\n]{1,2048})>|([^\s()<>]{1,2048}(?:\([^\s()]{0,99}\)[^\s()]{0,99})?))(?:\s{1,9}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s{0,9}\)/g;
const MEDIA = /(?<![\w/.])([*_]{0,3}["'`]?)MEDIA:[ \t]{0,4}(?=["'`]?(?:\/|https?:\/\/))/g;
const EXTENSION_AT_END = /\.[A-Za-z0-9]{1,8}$/;

/**
 * Finds `MEDIA:/absolute/path`, `![alt](address)` and directives. Code blocks are left alone, and so is inline code,
 * unless it is the tag alone: agents like to put one into backticks.
 */
export function findMediaTags(text: string): MediaTags {
  const tags: MediaTag[] = [];
  const directives: Range[] = [];
  let asDocument = false;
  let fence: string | undefined;
  let at = 0;
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined && mark === undefined) {
      const code = codeSpans(line);
      for (const tag of [...mediaTags(line, code), ...pictures(line, code)]) tags.push(shift(tag, at));
      const codeAt = createLookup(code);
      for (const match of line.matchAll(DIRECTIVE)) {
        if (codeAt(match.index) !== undefined) continue;
        asDocument ||= match[1] === "as_document";
        directives.push(shift({ start: match.index, end: match.index + match[0].length }, at));
      }
    }
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    at += line.length + 1;
  }
  return { tags, directives, asDocument };
}

/** The text without these places, and without the lines that held nothing else. */
export function removeRanges(text: string, ranges: readonly Range[]): string {
  const ordered = [...ranges].sort((one, other) => one.start - other.start);
  let at = 0;
  let next = 0;
  const lines = text.split("\n").flatMap((line) => {
    const start = at;
    at += line.length + 1;
    let kept = "";
    let from = 0;
    const before = next;
    for (let range = ordered[next]; range !== undefined && range.start < at; range = ordered[++next]) {
      kept += line.slice(from, Math.max(range.start - start, from));
      from = Math.max(range.end - start, from);
    }
    if (next === before) return [line];
    kept += line.slice(from);
    return /^[\s>*+\-_"'`]*$/.test(kept) ? [] : [kept.trimEnd()];
  });
  return lines.join("\n");
}

function mediaTags(line: string, code: readonly Range[]): MediaTag[] {
  const found = [...line.matchAll(MEDIA)];
  const codeAt = createLookup(code);
  return found.flatMap((match, index): MediaTag[] => {
    const before = match[1] ?? "";
    const span = codeAt(match.index);
    if (span !== undefined && !/^`+\s*MEDIA:/.test(line.slice(span.start, span.end))) return [];
    const start = match.index;
    const from = match.index + match[0].length;
    const rest = line.slice(from, found[index + 1]?.index ?? line.length);
    // Before the second tag of a line is the first.
    const isWholeLine = index === 0 && /^\s*(?:[-*+>]\s*)?$/.test(line.slice(0, start));
    const { value, length } = readValue(rest, before, isWholeLine);
    if (value === "") return [];
    const source: MediaSource = value.startsWith("/")
      ? { kind: "path", path: value }
      : { kind: "url", url: value };
    return [{ start, end: from + length, source, inText: false }];
  });
}

/** Reads a path to its closing quote; without quotes to the end of the line or to the first blank. */
function readValue(rest: string, before: string, isWholeLine: boolean): { value: string; length: number } {
  const quote = /^["'`]/.exec(rest)?.[0];
  if (quote !== undefined) {
    const end = rest.indexOf(quote, 1);
    const value = end < 0 ? rest.slice(1) : rest.slice(1, end);
    return { value: value.trim(), length: end < 0 ? rest.length : end + 1 };
  }
  const outer = before.at(-1) ?? "";
  const close = /["'`]/.test(outer) ? rest.indexOf(outer) : -1;
  if (close >= 0) {
    const mark = [...before.slice(0, -1)].reverse().join("");
    const end = close + 1 + (rest.startsWith(mark, close + 1) ? mark.length : 0);
    return { value: rest.slice(0, close).trim(), length: end };
  }
  const whole = withoutEnd(rest.trimEnd(), "*_`\"'");
  // A line of its own may name a path with blanks, if it looks like one up to its end.
  if (isWholeLine && (!/\s/.test(whole) || EXTENSION_AT_END.test(whole)))
    return { value: whole, length: rest.length };
  const word = /^\S*/.exec(rest)?.[0] ?? "";
  const value = withoutEnd(word, "*_`\"'.,;:!?)]}。，；：！？）】」");
  const emphasis = /^[*_]{1,3}/.exec(before)?.[0] ?? "";
  const isClosed = emphasis !== "" && rest.startsWith(emphasis, value.length);
  return { value, length: value.length + (isClosed ? emphasis.length : 0) };
}

/** Without these characters at its end. An expression would look for that end anew from each of them. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function pictures(line: string, code: readonly Range[]): MediaTag[] {
  const codeAt = createLookup(code);
  return [...line.matchAll(PICTURE)].flatMap((match): MediaTag[] => {
    const source = readAddress(match[1] ?? match[2] ?? "");
    if (source === undefined || codeAt(match.index) !== undefined) return [];
    return [{ start: match.index, end: match.index + match[0].length, source, inText: true }];
  });
}

/** Relative addresses mean nothing to us and stay in the text. */
function readAddress(address: string): MediaSource | undefined {
  if (/^https?:\/\//i.test(address)) return { kind: "url", url: address };
  if (address.startsWith("/") && !address.startsWith("//")) return { kind: "path", path: address };
  if (!/^file:\/\/\//i.test(address)) return undefined;
  try {
    return { kind: "path", path: fileURLToPath(address) };
  } catch {
    return undefined;
  }
}

function codeSpans(line: string): Range[] {
  return [...line.matchAll(/(`{1,9})(?!`)[^`]{1,5000}\1(?!`)/g)].map(({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
  }));
}

/** Finds the range of a place. To be asked for one place after the other, in order, as the ranges are. */
function createLookup(ranges: readonly Range[]): (at: number) => Range | undefined {
  let next = 0;
  return (at) => {
    while ((ranges[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const range = ranges[next];
    return range !== undefined && range.start <= at ? range : undefined;
  };
}

function shift<Place extends Range>(place: Place, by: number): Place {
  return { ...place, start: place.start + by, end: place.end + by };
}
