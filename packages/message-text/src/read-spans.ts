import { parseTag } from "./html-tags.ts";
import { findLiteralEmphasis } from "./literal-emphasis.ts";
import { pairTags, readTag } from "./read-tag.ts";
import type { InlineToken, Span } from "./spans.ts";

type Pairs = ReadonlyMap<number, number>;

/**
 * Reads the inside of a paragraph, heading or table cell. Emphasis that was not meant and tags that are none stay text.
 * `loose` drops structural tags that stand alone, as they do in a block of HTML.
 */
export function readSpans(tokens: readonly InlineToken[], { loose = false } = {}): Span[] {
  const literal = findLiteralEmphasis(tokens);
  const pairs = pairTags(tokens);
  const spans: Span[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) continue;
    const link = readLink(tokens, index, pairs);
    if (link !== undefined) {
      spans.push({ kind: "link", label: plainText(tokens.slice(index + 1, link.end)), url: link.url });
      index = link.end;
    } else if (literal.has(index)) {
      spans.push({ kind: "text", text: token.markup });
    } else if (token.type === "html_inline") {
      spans.push(...readTag(token.content, openingTag(tokens, index, pairs), loose));
    } else {
      spans.push(...readToken(token));
    }
  }
  return spans;
}

function readToken(token: InlineToken): Span[] {
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      return [{ kind: "break" }];
    case "code_inline":
      return [{ kind: "code", code: token.content }];
    case "image":
      return [{ kind: "image", alt: plainText(token.children ?? []), url: attribute(token, "src") }];
    case "strong_open":
    case "strong_close":
      return [{ kind: token.nesting === 1 ? "open" : "close", mark: "bold" }];
    case "em_open":
    case "em_close":
      return [{ kind: token.nesting === 1 ? "open" : "close", mark: "italic" }];
    case "s_open":
    case "s_close":
      return [{ kind: "text", text: token.markup }];
    default:
      return token.content === "" ? [] : [{ kind: "text", text: token.content }];
  }
}

/** A link of Markdown, or a pair of `<a href>` tags. */
function readLink(
  tokens: readonly InlineToken[],
  index: number,
  pairs: Pairs,
): { readonly url: string; readonly end: number } | undefined {
  const token = tokens[index];
  if (token?.type === "link_open") {
    let end = index + 1;
    while (end < tokens.length && tokens[end]?.type !== "link_close") end++;
    return { url: attribute(token, "href"), end };
  }
  const end = token?.type === "html_inline" ? pairs.get(index) : undefined;
  if (token === undefined || end === undefined || end < index) return undefined;
  const tag = parseTag(token.content);
  const url = tag?.name === "a" ? tag.attribute("href") : undefined;
  return url === undefined ? undefined : { url, end };
}

function openingTag(tokens: readonly InlineToken[], index: number, pairs: Pairs): string | undefined {
  const partner = pairs.get(index);
  return partner === undefined ? undefined : tokens[Math.min(index, partner)]?.content;
}

/** The words of a label: no marks, no tags, one line. */
function plainText(tokens: readonly InlineToken[]): string {
  const words = tokens.map((token) => {
    if (token.type === "html_inline") return parseTag(token.content) === undefined ? token.content : "";
    if (token.type === "softbreak" || token.type === "hardbreak") return " ";
    if (token.type === "s_open" || token.type === "s_close") return token.markup;
    return token.content;
  });
  return words.join("").replace(/\s+/gu, " ").trim();
}

function attribute(token: InlineToken, name: string): string {
  return String(token.attrGet(name) ?? "");
}
