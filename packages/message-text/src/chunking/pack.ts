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

/** Where a chunk may end: behind the atoms before `end`. */
interface Candidate {
  readonly end: number;
  readonly bytes: number;
}

/**
 * Packs atoms into chunks of at most `limitBytes`, each as full as its best border allows. `steps` counts the looks at an
 * atom; it grows linearly, because a chunk that ends before the last atom looked at is still filled to
 * `EARLIEST_BORDER`.
 */
export function pack(
  input: readonly Atom[],
  limitBytes: number,
): { readonly chunks: PackedChunk[]; readonly steps: number } {
  const atoms = fitAtoms(input, limitBytes);
  const chunks: PackedChunk[] = [];
  let steps = 0;
  for (let start = 0; start < atoms.length; ) {
    const { end, looked } = findEnd(atoms, start, limitBytes);
    steps += looked;
    chunks.push({
      reopen: openBehind(atoms, start - 1, limitBytes)
        .map((wrapper) => wrapper.reopen)
        .join(""),
      body: atoms
        .slice(start, end)
        .map((atom) => atom.text)
        .join(""),
      close: openBehind(atoms, end - 1, limitBytes)
        .map((wrapper) => wrapper.close)
        .reverse()
        .join(""),
    });
    start = end;
  }
  return { chunks, steps };
}

function findEnd(
  atoms: readonly Atom[],
  start: number,
  limitBytes: number,
): { readonly end: number; readonly looked: number } {
  const best: (Candidate | undefined)[] = [];
  let bytes = reopenBytes(openBehind(atoms, start - 1, limitBytes));
  let frameStart: number | undefined;
  let index = start;
  for (; index < atoms.length; index++) {
    const atom = atoms[index];
    if (atom === undefined || bytes + atom.bytes > limitBytes) break;
    bytes += atom.bytes;
    if (atom.frameBytes !== undefined && atom.frameBytes <= limitBytes) frameStart = index;
    const total = bytes + closeBytes(openBehind(atoms, index, limitBytes));
    if (total <= limitBytes) best[atom.cut] = { end: index + 1, bytes: total };
  }
  const looked = index - start + 1;
  const whole = best.find((candidate) => candidate?.end === atoms.length);
  if (whole !== undefined) return { end: whole.end, looked };
  if (frameStart !== undefined && frameStart > start && isOpenAt(atoms, frameStart, index)) {
    return { end: frameStart, looked };
  }
  return { end: choose(best, limitBytes)?.end ?? start + 1, looked };
}

function choose(best: readonly (Candidate | undefined)[], limitBytes: number): Candidate | undefined {
  const earliest = limitBytes * EARLIEST_BORDER;
  const border = best
    .slice(0, CUT.grapheme)
    .find((candidate) => candidate !== undefined && candidate.bytes >= earliest);
  return border ?? latest(best.slice(0, CUT.last)) ?? best[CUT.last];
}

function latest(candidates: readonly (Candidate | undefined)[]): Candidate | undefined {
  return candidates.reduce((a, b) => ((b?.end ?? 0) > (a?.end ?? 0) ? b : a), undefined);
}

/** True while the frame that the atom at `opener` opens is open in front of the atom at `index`. */
function isOpenAt(atoms: readonly Atom[], opener: number, index: number): boolean {
  const frame = atoms[opener]?.open.at(-1);
  return frame !== undefined && (atoms[index - 1]?.open.includes(frame) ?? false);
}

/** Makes every atom small enough to stand in a chunk of its own. */
function fitAtoms(atoms: readonly Atom[], limitBytes: number): readonly Atom[] {
  return atoms.flatMap((atom, index) => {
    const before = openBehind(atoms, index - 1, limitBytes);
    const room = limitBytes - reopenBytes(before) - closeBytes(openBehind(atoms, index, limitBytes));
    return atom.bytes <= room ? [atom] : splitAtom(atom, atoms[index - 1]?.open ?? NOTHING_OPEN, room);
  });
}

function openBehind(atoms: readonly Atom[], index: number, limitBytes: number): readonly Wrapper[] {
  const open = atoms[index]?.open ?? NOTHING_OPEN;
  if (open.length === 0) return open;
  return reopenBytes(open) + closeBytes(open) > limitBytes * LARGEST_OVERHEAD ? NOTHING_OPEN : open;
}

function reopenBytes(open: readonly Wrapper[]): number {
  return open.reduce((sum, { reopen }) => sum + Buffer.byteLength(reopen), 0);
}

function closeBytes(open: readonly Wrapper[]): number {
  return open.reduce((sum, { close }) => sum + Buffer.byteLength(close), 0);
}
