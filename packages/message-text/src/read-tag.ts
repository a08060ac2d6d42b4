import type { HtmlTag } from "./html-tags.ts";
import { parseTag } from "./html-tags.ts";
import type { InlineToken, Mark, Span } from "./spans.ts";

const FONT_COLORS: readonly Mark[] = ["info", "comment", "warning"];
/** Tags whose pair leaves a trace in plain text: what stands in for the opening and for the closing one. */
const TRACES: Readonly<Record<string, readonly [string, string]>> = {
  s: ["~~", "~~"],
  del: ["~~", "~~"],
  strike: ["~~", "~~"],
  sup: ["^", ""],
  sub: ["_", ""],
  q: ["“", "”"],
  li: ["• ", ""],
  td: ["", "  "],
  th: ["", "  "],
};

/** The position of every tag that has a partner, with the position of the partner. */
export function pairTags(tokens: readonly InlineToken[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const opened = new Map<string, number[]>();
  tokens.forEach((token, index) => {
    const tag = token.type === "html_inline" ? parseTag(token.content) : undefined;
    if (tag === undefined) return;
    if (!tag.isClosing) {
      const same = opened.get(tag.name);
      if (same === undefined) opened.set(tag.name, [index]);
      else same.push(index);
      return;
    }
    const start = opened.get(tag.name)?.pop();
    if (start !== undefined) pairs.set(start, index).set(index, start);
  });
  return pairs;
}

/** `opening` is the tag that opened the pair, which alone has the attributes; undefined for a tag without a partner. */
export function readTag(html: string, opening: string | undefined, loose: boolean): Span[] {
  if (html.startsWith("<!--")) return [];
  const tag = parseTag(html);
  if (tag?.kind === "void") return readVoidTag(tag);
  const isMeant = opening !== undefined || (loose && tag?.kind === "block");
  if (tag === undefined || !isMeant) return [{ kind: "text", text: html }];
  const mark = opening === undefined ? undefined : readMark(opening);
  if (mark !== undefined) return [{ kind: tag.isClosing ? "close" : "open", mark }];
  const trace = TRACES[tag.name]?.[tag.isClosing ? 1 : 0] ?? "";
  const spans: Span[] = trace === "" ? [] : [{ kind: "text", text: trace }];
  const isLineBreak = tag.kind === "block" && tag.name !== "td" && tag.name !== "th";
  return isLineBreak ? [{ kind: "break" }, ...spans] : spans;
}

function readVoidTag(tag: HtmlTag): Span[] {
  if (tag.name === "br" || tag.name === "hr") return [{ kind: "break" }];
  if (tag.name !== "img") return [];
  return [{ kind: "image", alt: tag.attribute("alt") ?? "", url: tag.attribute("src") ?? "" }];
}

function readMark(opening: string): Mark | undefined {
  const tag = parseTag(opening);
  if (tag?.name === "b" || tag?.name === "strong") return "bold";
  if (tag?.name === "i" || tag?.name === "em") return "italic";
  if (tag?.name !== "font") return undefined;
  const color = tag.attribute("color");
  return FONT_COLORS.find((mark) => mark === color);
}
