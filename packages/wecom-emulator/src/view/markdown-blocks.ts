/** Colours of `<font color>`: green, grey and orange. */
export type FontColor = "info" | "comment" | "warning";

export type Inline =
  | { readonly kind: "text" | "code"; readonly text: string }
  | { readonly kind: "bold"; readonly inlines: readonly Inline[] }
  | { readonly kind: "font"; readonly color: FontColor; readonly inlines: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly text: string };

/** One line of a markdown message. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly inlines: readonly Inline[] }
  | { readonly kind: "quote" | "line"; readonly inlines: readonly Inline[] };

const INLINE =
  /`([^`\n]+)`|\*\*([^\n]+?)\*\*|\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)|<font color=["'](info|comment|warning)["']>([^\n]*?)<\/font>/g;

function isFontColor(color: string | undefined): color is FontColor {
  return color === "info" || color === "comment" || color === "warning";
}

function parseInline(match: RegExpMatchArray, depth: number): Inline {
  const [whole, code, bold, label, href, color, colored] = match;
  if (code !== undefined) return { kind: "code", text: code };
  if (bold !== undefined) return { kind: "bold", inlines: parseInlines(bold, depth + 1) };
  if (label !== undefined && href !== undefined) return { kind: "link", text: label, href };
  if (isFontColor(color)) return { kind: "font", color, inlines: parseInlines(colored ?? "", depth + 1) };
  return { kind: "text", text: whole };
}

function parseInlines(text: string, depth: number): Inline[] {
  // Bold in colour or colour in bold is as deep as it gets.
  if (depth > 2) return [{ kind: "text", text }];
  const inlines: Inline[] = [];
  let position = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > position) inlines.push({ kind: "text", text: text.slice(position, match.index) });
    inlines.push(parseInline(match, depth));
    position = match.index + match[0].length;
  }
  if (position < text.length) inlines.push({ kind: "text", text: text.slice(position) });
  return inlines;
}

function parseLine(line: string): Block {
  const heading = /^(#{1,6}) +(.+)$/.exec(line);
  if (heading !== null) {
    return { kind: "heading", level: heading[1]?.length ?? 1, inlines: parseInlines(heading[2] ?? "", 0) };
  }
  const quote = /^> ?(.*)$/.exec(line);
  if (quote !== null) return { kind: "quote", inlines: parseInlines(quote[1] ?? "", 0) };
  return { kind: "line", inlines: parseInlines(line, 0) };
}

/**
 * The part of markdown that WeCom renders in app messages (doc 90236): headings, bold, links, inline code, quotes and
 * three colours. Lists, tables, fences, images and everything else show as they were typed.
 */
export function markdownBlocks(text: string): Block[] {
  return text.split(/\r?\n/).map(parseLine);
}
