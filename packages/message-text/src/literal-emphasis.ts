import type { InlineToken } from "./spans.ts";

const ASCII_WORD = /^[A-Za-z0-9]$/u;
const WORD = /^[\p{L}\p{N}]$/u;
const HAS_CONTENT = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const IDENTIFIER = /^\w+$/u;
const PATH_START = /^[/\\.]/u;
const PATH_END = /[/\\]$/u;

interface Emphasis {
  readonly marker: string;
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly after: string;
  readonly inner: readonly InlineToken[];
}

/**
 * Finds the emphasis that nobody meant: "2*3*4", "2**8**2", "长*宽*高", "src/*.ts", "**\/*.js", "__init__". CommonMark
 * would drop those characters. Returns the positions of the opening and closing tokens to show as typed.
 */
export function findLiteralEmphasis(tokens: readonly InlineToken[]): ReadonlySet<number> {
  const literal = new Set<number>();
  const opened: number[] = [];
  tokens.forEach((token, index) => {
    if (!isEmphasis(token)) return;
    if (token.nesting === 1) opened.push(index);
    const start = token.nesting === -1 ? opened.pop() : undefined;
    if (start === undefined || !isLiteral(look(tokens, start, index))) return;
    literal.add(start).add(index);
  });
  return literal;
}

function isEmphasis(token: InlineToken): boolean {
  return token.tag === "em" || token.tag === "strong";
}

function look(tokens: readonly InlineToken[], start: number, end: number): Emphasis {
  return {
    marker: tokens[start]?.markup ?? "",
    before: lastCharacter(tokens[start - 1]),
    first: firstCharacter(tokens[start + 1]),
    last: lastCharacter(tokens[end - 1]),
    after: firstCharacter(tokens[end + 1]),
    // Whether there is a word inside shows in the next few tokens; looking at all would be quadratic when they nest.
    inner: tokens.slice(start + 1, Math.min(end, start + 9)),
  };
}

function isLiteral(emphasis: Emphasis): boolean {
  const { marker, before, first, last, after, inner } = emphasis;
  const sign = marker.charAt(0);
  if (before === sign || after === sign) return true;
  if (!inner.some((token) => token.type !== "text" || HAS_CONTENT.test(token.content))) return true;
  if (marker === "__" && inner.length === 1 && IDENTIFIER.test(inner[0]?.content ?? "")) return true;
  const opensInWord = ASCII_WORD.test(before) && ASCII_WORD.test(first);
  const closesInWord = ASCII_WORD.test(last) && ASCII_WORD.test(after);
  if (marker.length === 2) return opensInWord && closesInWord;
  if (sign !== "*") return false;
  return (
    opensInWord ||
    closesInWord ||
    (WORD.test(before) && WORD.test(after)) ||
    PATH_START.test(first) ||
    PATH_END.test(last)
  );
}

function firstCharacter(token: InlineToken | undefined): string {
  return token?.type === "text" ? String.fromCodePoint(token.content.codePointAt(0) ?? 0x20) : "";
}

function lastCharacter(token: InlineToken | undefined): string {
  if (token?.type !== "text") return "";
  const tail = token.content.slice(-2);
  return /[\ud800-\udbff]/u.test(tail) ? tail : tail.slice(-1);
}
