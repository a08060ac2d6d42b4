import type { Token } from "markdown-it";
import { parseTag } from "./html-tags.ts";
import { readSpans } from "./read-spans.ts";

/** What WeCom's markdown renders (WeCom doc 90236), and what needs no rendering. */
const RENDERED_BLOCKS = new Set(["heading_open", "blockquote_open"]);
const PLAIN_BLOCKS = new Set([
  "paragraph_open",
  "inline",
  "heading_close",
  "blockquote_close",
  "paragraph_close",
]);
/** Text that would read as a mark, so it would have to be altered. */
const READS_AS_MARK = /\*\*|`|\]\(|<\/?font[\s>]|^\s*(?:#{1,6}\s|>)/imu;

/** True when WeCom's markdown shows everything in this reply as meant, and shows something better than text would. */
export function suitsMarkdown(tokens: readonly Token[]): boolean {
  let isUseful = false;
  let quoteDepth = 0;
  for (const token of tokens) {
    if (token.type === "blockquote_open") quoteDepth++;
    if (token.type === "blockquote_close") quoteDepth--;
    if (quoteDepth > 1 || !(RENDERED_BLOCKS.has(token.type) || PLAIN_BLOCKS.has(token.type))) return false;
    if (RENDERED_BLOCKS.has(token.type)) isUseful = true;
    const gain = token.type === "inline" ? inlineGain(token.children ?? []) : "none";
    if (gain === "loses") return false;
    if (gain === "gains") isUseful = true;
  }
  return isUseful;
}

function inlineGain(tokens: readonly Token[]): "gains" | "none" | "loses" {
  if (tokens.some((token) => token.type === "s_open" || losesAsHtml(token))) return "loses";
  let gain: "gains" | "none" = "none";
  for (const span of readSpans(tokens)) {
    const isLost =
      span.kind === "image" ||
      (span.kind === "open" && span.mark === "italic") ||
      (span.kind === "text" && READS_AS_MARK.test(span.text)) ||
      (span.kind === "link" && !/^https?:/iu.test(span.url));
    if (isLost) return "loses";
    if (span.kind !== "text" && span.kind !== "break") gain = "gains";
  }
  return gain;
}

function losesAsHtml(token: Token): boolean {
  if (token.type !== "html_inline") return false;
  const name = parseTag(token.content)?.name;
  return name !== undefined && !["font", "b", "strong", "br", "a"].includes(name);
}
