import type { MarkdownIt, StateInline } from "markdown-it";

const LINE_FEED = 0x0a;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;

/** Without this check "[张三]: 好的" would be a link definition and vanish. */
const URL_LIKE =
  /^(?:https?:\/\/|ftp:\/\/|mailto:|tel:|#|\.{0,2}\/|data:image\/|[\w%/.-]+\.[a-z]\w{0,4}(?:[?#]|$))/iu;
const BARE_URL_REST = /\/\/[^\s<>"`\\^{|}\u0080-\uffff]+/uy;
const FOOTNOTE = /\[\^([^\]\s[]{1,64})\](?!\()/uy;
/** How far back the word before a colon is looked at. */
const WORD_WINDOW = 16;
const INDENT = /[ \t]*/uy;

/** Teaches the parser what a chat needs beyond GitHub's dialect. */
export function useChatRules(markdown: MarkdownIt): MarkdownIt {
  markdown.validateLink = (url) => URL_LIKE.test(url);
  markdown.inline.ruler.before("newline", "verbatim", verbatim);
  markdown.inline.ruler.at("newline", lineBreak);
  markdown.inline.ruler.before("link", "footnote", footnote);
  return markdown;
}

/** A bare URL and the rest of a `MEDIA:` line are taken as they are: no emphasis, no escapes, no entities. */
function verbatim(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (src.charCodeAt(pos) !== COLON) return false;
  const before = src.slice(Math.max(0, pos - WORD_WINDOW), pos);
  const end = /(?:^|\n)[ \t]*MEDIA$/u.test(before)
    ? lineEnd(state)
    : /(?:https?|ftp)$/iu.test(before)
      ? matchEnd(BARE_URL_REST, state, pos + 1)
      : undefined;
  if (end === undefined) return false;
  if (!silent) state.pending += src.slice(pos, end);
  state.pos = end;
  return true;
}

/** Like the parser's own rule, but the indentation of the next line is kept: people indent plain text on purpose. */
function lineBreak(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== LINE_FEED) return false;
  const end = matchEnd(INDENT, state, state.pos + 1) ?? state.pos + 1;
  if (!silent) {
    state.pending = state.pending.trimEnd();
    state.push("softbreak", "br", 0);
    state.pending += state.src.slice(state.pos + 1, end);
  }
  state.pos = end;
  return true;
}

/** "[^1]" is a footnote, referred to and defined alike as "[1]". */
function footnote(state: StateInline, silent: boolean): boolean {
  if (state.src.charCodeAt(state.pos) !== OPENING_BRACKET) return false;
  const end = matchEnd(FOOTNOTE, state, state.pos);
  if (end === undefined) return false;
  if (!silent) state.pending += `[${state.src.slice(state.pos + 2, end)}`;
  state.pos = end;
  return true;
}

function lineEnd({ src, pos, posMax }: StateInline): number {
  const end = src.indexOf("\n", pos);
  return end === -1 ? posMax : Math.min(end, posMax);
}

function matchEnd(pattern: RegExp, { src, posMax }: StateInline, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(src) && pattern.lastIndex <= posMax ? pattern.lastIndex : undefined;
}
