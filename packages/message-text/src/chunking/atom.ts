/** How good it is to end a chunk behind an atom, best first. */
export const CUT = {
  paragraph: 0,
  line: 1,
  sentence: 2,
  codeLine: 3,
  word: 4,
  grapheme: 5,
  /** Only when nothing else fits, as between the opening line of a frame and the code in it. */
  last: 6,
} as const;
export type Cut = (typeof CUT)[keyof typeof CUT];

/** Something open around text, that is closed at the end of a chunk and opened again in the next. */
export interface Wrapper {
  readonly reopen: string;
  /** A leading line feed counts only where the chunk does not end with one. */
  readonly close: string;
}

/** The smallest thing that is not cut while it fits into a chunk: a grapheme, a link, a marker, a line of a frame. */
export interface Atom {
  readonly text: string;
  readonly bytes: number;
  readonly cut: Cut;
  /** What is open behind this atom, outermost first. */
  readonly open: readonly Wrapper[];
  /** On the atom that opens a frame: the size of the whole frame, which is kept in one chunk if one can hold it. */
  readonly frameBytes?: number;
}

export const NOTHING_OPEN: readonly Wrapper[] = [];

export function createAtom(text: string, cut: Cut, open: readonly Wrapper[]): Atom {
  return { text, bytes: byteLength(text), cut, open };
}

/** Most atoms are one character, for which the way into the runtime would cost more than all the rest. */
function byteLength(text: string): number {
  if (text.length !== 1) return Buffer.byteLength(text);
  const code = text.charCodeAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}
