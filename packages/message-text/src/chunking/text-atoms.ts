import { splitGraphemes } from "../graphemes.ts";
import type { Atom, Cut, Wrapper } from "./atom.ts";
import { CUT, createAtom } from "./atom.ts";

type CharClass = "wideEnd" | "asciiEnd" | "closer" | "clause" | "space";

const CLASSES: ReadonlyMap<string, CharClass> = new Map([
  ...classOf("wideEnd", "。！？…；"),
  ...classOf("asciiEnd", ".!?;"),
  // Stands behind the end of a sentence and belongs to it.
  ...classOf("closer", "”’」』）》】\"')]"),
  ...classOf("clause", "，、："),
  // What \s matches.
  ...classOf("space", "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
  ...classOf("space", "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"),
]);

function classOf(name: CharClass, characters: string): [string, CharClass][] {
  return Array.from(characters, (character) => [character, name]);
}

/** Cuts text without a line feed into graphemes, and says behind which of them a sentence or a word ends. */
export function addTextAtoms(atoms: Atom[], text: string, open: readonly Wrapper[]): void {
  const segments = splitGraphemes(text);
  let ended: "wide" | "ascii" | undefined;
  let kind = classify(segments[0] ?? "");
  for (let index = 0; index < segments.length; index++) {
    const next = classify(segments[index + 1] ?? "");
    if (kind === "wideEnd") ended = "wide";
    else if (kind === "asciiEnd") ended = "ascii";
    else if (kind !== "closer" && kind !== "space") ended = undefined;
    atoms.push(createAtom(segments[index] ?? "", rateCut(kind, next, ended), open));
    kind = next;
  }
}

/** A mark that is more than one character, such as "。" with an accent, ends a sentence still, and is nothing else. */
function classify(segment: string): CharClass | undefined {
  if (segment.length === 1) return CLASSES.get(segment);
  return CLASSES.get(segment.charAt(0)) === "wideEnd" ? "wideEnd" : undefined;
}

function rateCut(
  kind: CharClass | undefined,
  next: CharClass | undefined,
  ended: "wide" | "ascii" | undefined,
): Cut {
  if (next === "space") return CUT.grapheme; // The space goes with what is before it.
  if (kind === "space") return ended === undefined ? CUT.word : CUT.sentence;
  if (kind === "clause") return CUT.word;
  if (ended !== "wide" || next === "closer" || next === "wideEnd") return CUT.grapheme;
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
