import { readFrameOpening } from "../code-frame.ts";
import type { Atom, Wrapper } from "./atom.ts";
import { CUT, createAtom, NOTHING_OPEN } from "./atom.ts";
import { rateLineEnd } from "./line-border.ts";
import { addTextAtoms } from "./text-atoms.ts";

/** What no border may cut: a link, and an address that clients link by themselves. */
const WHOLE = /<a\s[^<>]{0,2100}>[^<]{0,1100}<\/a>|(?:https?|ftp):\/\/[^\s<>"\u0080-\uffff]+/giu;
const QUOTE = /^(?:> ?)+/u;

interface Frame {
  readonly wrapper: Wrapper;
  readonly closeLine: string;
}

/** Reads the content of a text message: lines, links, quotes and frames around code. */
export function readText(content: string): Atom[] {
  const lines = content.split("\n");
  const lastIndexOf = new Map(lines.map((line, index) => [line, index]));
  const atoms: Atom[] = [];
  let frame: Frame | undefined;
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    if (frame !== undefined && line !== frame.closeLine) {
      addCodeLine(atoms, line, frame, lines[index + 1] === frame.closeLine);
      return;
    }
    const opening = frame === undefined ? readFrameOpening(line) : undefined;
    if (opening !== undefined && (lastIndexOf.get(opening.close) ?? -1) > index) {
      const wrapper = { reopen: opening.reopen, close: `\n${opening.close}` };
      frame = { wrapper, closeLine: opening.close };
      const whole = lines.slice(index, lines.indexOf(opening.close, index) + 1).join("\n");
      const frameBytes = Buffer.byteLength(whole);
      atoms.push({ ...createAtom(`${line}\n`, CUT.last, [wrapper]), frameBytes });
      return;
    }
    // The closing line is one piece; it has always room, because the room for it was kept while the frame was open.
    if (frame === undefined) addLine(atoms, line);
    else atoms.push(createAtom(line, CUT.paragraph, NOTHING_OPEN));
    frame = undefined;
    if (!isLast) atoms.push(createAtom("\n", rateLineEnd(lines, index), NOTHING_OPEN));
  });
  return atoms;
}

/** Cuts a line outside code at what must stay whole. */
function addLine(atoms: Atom[], line: string): void {
  const prefix = QUOTE.exec(line)?.[0] ?? "";
  const open = prefix === "" ? NOTHING_OPEN : [{ reopen: prefix, close: "" }];
  if (prefix !== "") atoms.push(createAtom(prefix, CUT.last, open));
  addWhole(atoms, line.slice(prefix.length), open);
}

function addCodeLine(atoms: Atom[], line: string, { wrapper }: Frame, isLastOfFrame: boolean): void {
  const open = [wrapper];
  addWhole(atoms, line, open);
  atoms.push(createAtom("\n", isLastOfFrame ? CUT.last : CUT.codeLine, open));
}

function addWhole(atoms: Atom[], text: string, open: readonly Wrapper[]): void {
  let from = 0;
  // Most lines hold none, and the search costs more than the cutting.
  const hasAny = text.includes("<") || text.includes("://");
  for (const match of hasAny ? text.matchAll(WHOLE) : []) {
    addTextAtoms(atoms, text.slice(from, match.index), open);
    atoms.push(createAtom(match[0], CUT.grapheme, open));
    from = match.index + match[0].length;
  }
  addTextAtoms(atoms, text.slice(from), open);
}
