import type { Atom, Wrapper } from "./atom.ts";
import { CUT, createAtom, NOTHING_OPEN } from "./atom.ts";
import type { MarkdownToken } from "./lex-markdown.ts";
import { lexMarkdown } from "./lex-markdown.ts";
import { rateLineEnd } from "./line-border.ts";
import { addTextAtoms } from "./text-atoms.ts";

const BOLD: Wrapper = { reopen: "**", close: "**" };

/** Reads the content of a markdown message: bold, colours, inline code and quotes are open around what they hold. */
export function readMarkdown(content: string): Atom[] {
  const lines = content.split("\n");
  const tokens = lexMarkdown(lines);
  const paired = pairMarkers(tokens);
  const atoms: Atom[] = [];
  let open: readonly Wrapper[] = NOTHING_OPEN;
  let quote: Wrapper | undefined;
  let line = 0;
  tokens.forEach(({ kind, text }, index) => {
    if (kind === "lineEnd") {
      open = open.filter((wrapper) => wrapper !== quote);
      quote = undefined;
      atoms.push(createAtom(text, rateLineEnd(lines, line), open));
      line++;
    } else if (kind === "quote") {
      quote = { reopen: text, close: "" };
      open = [quote, ...open];
      atoms.push(createAtom(text, CUT.last, open));
    } else if (kind === "code") {
      addCode(atoms, text, open);
    } else if (paired.has(index)) {
      const isClosing = kind === "fontClose" || (kind === "bold" && open.includes(BOLD));
      open = isClosing ? closeInnermost(open, kind) : [...open, wrapperOf(kind, text)];
      atoms.push(createAtom(text, isClosing ? CUT.grapheme : CUT.last, open));
    } else if (kind === "whole") {
      atoms.push(createAtom(text, CUT.grapheme, open));
    } else {
      addTextAtoms(atoms, text, open);
    }
  });
  return atoms;
}

function addCode(atoms: Atom[], text: string, open: readonly Wrapper[]): void {
  const fence = /^`+/u.exec(text)?.[0] ?? "";
  const inner = [...open, { reopen: fence, close: fence }];
  const code: Atom[] = [];
  addTextAtoms(code, text.slice(fence.length, text.length - fence.length), inner);
  atoms.push(createAtom(fence, CUT.last, inner));
  // Better not inside, but a space is better than the middle of a word.
  for (const atom of code) atoms.push(atom.cut < CUT.word ? { ...atom, cut: CUT.word } : atom);
  atoms.push(createAtom(fence, CUT.grapheme, open));
}

function wrapperOf(kind: MarkdownToken["kind"], text: string): Wrapper {
  return kind === "bold" ? BOLD : { reopen: text, close: "</font>" };
}

function closeInnermost(open: readonly Wrapper[], kind: MarkdownToken["kind"]): readonly Wrapper[] {
  const isIt = (wrapper: Wrapper) => (kind === "bold" ? wrapper === BOLD : wrapper.close === "</font>");
  const at = open.findLastIndex(isIt);
  return open.filter((_, index) => index !== at);
}

/** The positions of the markers that have a partner: bold within a paragraph, colours anywhere. Others are text. */
function pairMarkers(tokens: readonly MarkdownToken[]): ReadonlySet<number> {
  const paired = new Set<number>();
  const fonts: number[] = [];
  let bold: number | undefined;
  tokens.forEach(({ kind }, index) => {
    if (kind === "lineEnd" && tokens[index + 1]?.kind === "lineEnd") bold = undefined;
    if (kind === "fontOpen") fonts.push(index);
    const start = kind === "fontClose" ? fonts.pop() : kind === "bold" ? bold : undefined;
    if (start !== undefined) paired.add(start).add(index);
    if (kind === "bold") bold = bold === undefined ? index : undefined;
  });
  return paired;
}
