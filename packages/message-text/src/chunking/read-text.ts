import { readFrameOpening } from "../code-frame.ts";
import type { Atom, Wrapper } from "./atom.ts";
import { CUT, createAtom, NOTHING_OPEN } from "./atom.ts";
import { rateLineEnd } from "./line-border.ts";
import { textAtoms } from "./text-atoms.ts";

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
  const atoms: Atom[][] = [];
  let frame: Frame | undefined;
  lines.forEach((line, index) => {
    const isLast = index === lines.length - 1;
    if (frame !== undefined && line !== frame.closeLine) {
      atoms.push(readCodeLine(line, frame, lines[index + 1] === frame.closeLine));
      return;
    }
    const opening = frame === undefined ? readFrameOpening(line) : undefined;
    if (opening !== undefined && (lastIndexOf.get(opening.close) ?? -1) > index) {
      const wrapper = { reopen: opening.reopen, close: `\n${opening.close}` };
      frame = { wrapper, closeLine: opening.close };
      const whole = lines.slice(index, lines.indexOf(opening.close, index) + 1).join("\n");
      const frameBytes = Buffer.byteLength(whole);
      atoms.push([{ ...createAtom(`${line}\n`, CUT.last, [wrapper]), frameBytes }]);
      return;
    }
    // The closing line is one piece; it has always room, because the room for it was kept while the frame was open.
    atoms.push(frame === undefined ? readLine(line) : [createAtom(line, CUT.paragraph, NOTHING_OPEN)]);
    frame = undefined;
    if (!isLast) atoms.push([createAtom("\n", rateLineEnd(lines, index), NOTHING_OPEN)]);
  });
  return atoms.flat();
}

/** Cuts a line outside code at what must stay whole. */
function readLine(line: string): Atom[] {
  const prefix = QUOTE.exec(line)?.[0] ?? "";
  const open = prefix === "" ? NOTHING_OPEN : [{ reopen: prefix, close: "" }];
  const quote = prefix === "" ? [] : [createAtom(prefix, CUT.last, open)];
  return [...quote, ...readWhole(line.slice(prefix.length), open)];
}

function readCodeLine(line: string, { wrapper }: Frame, isLastOfFrame: boolean): Atom[] {
  const open = [wrapper];
  return [...readWhole(line, open), createAtom("\n", isLastOfFrame ? CUT.last : CUT.codeLine, open)];
}

function readWhole(text: string, open: readonly Wrapper[]): Atom[] {
  const atoms: Atom[][] = [];
  let from = 0;
  for (const match of text.matchAll(WHOLE)) {
    atoms.push(textAtoms(text.slice(from, match.index), open), [createAtom(match[0], CUT.grapheme, open)]);
    from = match.index + match[0].length;
  }
  atoms.push(textAtoms(text.slice(from), open));
  return atoms.flat();
}
