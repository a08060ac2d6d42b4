import { splitGraphemes } from "../graphemes.ts";
import type { Atom, Cut, Wrapper } from "./atom.ts";
import { CUT, createAtom } from "./atom.ts";

const WIDE_END = /^[。！？…；]/u;
const ASCII_END = /^[.!?;]$/u;
/** Stands behind the end of a sentence and belongs to it. */
const CLOSER = /^[”’」』）》】"')\]]$/u;
const CLAUSE = /^[，、：]$/u;
const SPACE = /^\s$/u;

/** Cuts text without a line feed into graphemes, and says behind which of them a sentence or a word ends. */
export function textAtoms(text: string, open: readonly Wrapper[]): Atom[] {
  const segments = splitGraphemes(text);
  let ended: "wide" | "ascii" | undefined;
  return segments.map((segment, index) => {
    const next = segments[index + 1] ?? "";
    if (WIDE_END.test(segment)) ended = "wide";
    else if (ASCII_END.test(segment)) ended = "ascii";
    else if (!CLOSER.test(segment) && !SPACE.test(segment)) ended = undefined;
    return createAtom(segment, rateCut(segment, next, ended), open);
  });
}

function rateCut(segment: string, next: string, ended: "wide" | "ascii" | undefined): Cut {
  if (SPACE.test(next)) return CUT.grapheme; // The space goes with what is before it.
  if (SPACE.test(segment)) return ended === undefined ? CUT.word : CUT.sentence;
  if (CLAUSE.test(segment)) return CUT.word;
  if (ended !== "wide" || CLOSER.test(next) || WIDE_END.test(next)) return CUT.grapheme;
  return CUT.sentence;
}

/** Cuts an atom that no chunk can hold: into graphemes, and a grapheme into code points. */
export function splitAtom(atom: Atom, before: readonly Wrapper[], roomBytes: number): Atom[] {
  const parts = splitGraphemes(atom.text).flatMap((segment) =>
    Buffer.byteLength(segment) <= roomBytes ? [segment] : Array.from(segment),
  );
  return parts.map((part, index) =>
    index === parts.length - 1
      ? createAtom(part, atom.cut, atom.open)
      : createAtom(part, CUT.grapheme, before),
  );
}
