import type { Atom, Wrapper } from "./atom.ts";
import { CUT, NOTHING_OPEN } from "./atom.ts";
import { splitAtom } from "./text-atoms.ts";

/** A border in the first part of a chunk would make it needlessly short. */
const EARLIEST_BORDER = 0.4;
/** Wrappers that would take more of a chunk than this are not opened again. */
const LARGEST_OVERHEAD = 1 / 3;

export interface PackedChunk {
  /** What to open again in front, and to close behind. */
  readonly reopen: string;
  readonly body: string;
  readonly close: string;
}

/** Where a chunk may end, for every kind of cut the latest: behind the atoms before `end`, with `bytes` in it. */
interface Candidates {
  /** 0 where there is none. */
  readonly end: number[];
  readonly bytes: number[];
}

/** What is open behind an atom and opened again, and what that takes. */
interface Overhead {
  readonly open: readonly Wrapper[];
  readonly reopenBytes: number;
  readonly closeBytes: number;
}

const NO_OVERHEAD: Overhead = { open: NOTHING_OPEN, reopenBytes: 0, closeBytes: 0 };

/**
 * Packs atoms into chunks of at most `limitBytes`, each as full as its best border allows. `steps` counts the looks at an
 * atom; it grows linearly, because a chunk that ends before the last atom looked at is still filled to
 * `EARLIEST_BORDER`.
 */
export function pack(
  input: readonly Atom[],
  limitBytes: number,
): { readonly chunks: PackedChunk[]; readonly steps: number } {
  const overheadOf = createOverheads(limitBytes);
  const atoms = fitAtoms(input, limitBytes, overheadOf);
  const chunks: PackedChunk[] = [];
  let steps = 0;
  for (let start = 0; start < atoms.length; ) {
    const { end, looked } = findEnd(atoms, start, limitBytes, overheadOf);
    steps += looked;
    let body = "";
    for (let index = start; index < end; index++) body += atoms[index]?.text ?? "";
    chunks.push({
      reopen: overheadOf(atoms[start - 1])
        .open.map((wrapper) => wrapper.reopen)
        .join(""),
      body,
      close: overheadOf(atoms[end - 1])
        .open.map((wrapper) => wrapper.close)
        .reverse()
        .join(""),
    });
    start = end;
  }
  return { chunks, steps };
}

type OverheadOf = (atom: Atom | undefined) => Overhead;

/** Atoms that stand beside each other mostly have the same open, so the last answer is remembered. */
function createOverheads(limitBytes: number): OverheadOf {
  let last = NO_OVERHEAD;
  let lastOpen = NOTHING_OPEN;
  return (atom) => {
    const open = atom?.open ?? NOTHING_OPEN;
    if (open.length === 0) return NO_OVERHEAD;
    if (open === lastOpen) return last;
    lastOpen = open;
    const reopenBytes = open.reduce((sum, { reopen }) => sum + Buffer.byteLength(reopen), 0);
    const closeBytes = open.reduce((sum, { close }) => sum + Buffer.byteLength(close), 0);
    const isTooMuch = reopenBytes + closeBytes > limitBytes * LARGEST_OVERHEAD;
    last = isTooMuch ? NO_OVERHEAD : { open, reopenBytes, closeBytes };
    return last;
  };
}

function findEnd(
  atoms: readonly Atom[],
  start: number,
  limitBytes: number,
  overheadOf: OverheadOf,
): { readonly end: number; readonly looked: number } {
  const best: Candidates = { end: [0, 0, 0, 0, 0, 0, 0], bytes: [0, 0, 0, 0, 0, 0, 0] };
  let bytes = overheadOf(atoms[start - 1]).reopenBytes;
  let frameStart: number | undefined;
  let index = start;
  for (; index < atoms.length; index++) {
    const atom = atoms[index];
    if (atom === undefined || bytes + atom.bytes > limitBytes) break;
    bytes += atom.bytes;
    if (atom.frameBytes !== undefined && atom.frameBytes <= limitBytes) frameStart = index;
    const total = bytes + overheadOf(atom).closeBytes;
    if (total > limitBytes) continue;
    best.end[atom.cut] = index + 1;
    best.bytes[atom.cut] = total;
  }
  const looked = index - start + 1;
  if (best.end.includes(atoms.length)) return { end: atoms.length, looked };
  if (frameStart !== undefined && frameStart > start && isOpenAt(atoms, frameStart, index)) {
    return { end: frameStart, looked };
  }
  return { end: choose(best, limitBytes) ?? start + 1, looked };
}

function choose({ end, bytes }: Candidates, limitBytes: number): number | undefined {
  const earliest = limitBytes * EARLIEST_BORDER;
  const border = bytes.slice(0, CUT.grapheme).findIndex((size) => size >= earliest);
  if (border !== -1) return end[border];
  // 0 is none.
  return Math.max(...end.slice(0, CUT.last)) || end[CUT.last] || undefined;
}

/** True while the frame that the atom at `opener` opens is open in front of the atom at `index`. */
function isOpenAt(atoms: readonly Atom[], opener: number, index: number): boolean {
  const frame = atoms[opener]?.open.at(-1);
  return frame !== undefined && (atoms[index - 1]?.open.includes(frame) ?? false);
}

/** Makes every atom small enough to stand in a chunk of its own. */
function fitAtoms(atoms: readonly Atom[], limitBytes: number, overheadOf: OverheadOf): readonly Atom[] {
  const isTooLarge = (atom: Atom, index: number) => atom.bytes > roomFor(atom, atoms[index - 1]);
  const roomFor = (atom: Atom, before: Atom | undefined) =>
    limitBytes - overheadOf(before).reopenBytes - overheadOf(atom).closeBytes;
  // Seldom.
  if (!atoms.some(isTooLarge)) return atoms;
  return atoms.flatMap((atom, index) => {
    const before = atoms[index - 1];
    return isTooLarge(atom, index)
      ? splitAtom(atom, before?.open ?? NOTHING_OPEN, roomFor(atom, before))
      : [atom];
  });
}
