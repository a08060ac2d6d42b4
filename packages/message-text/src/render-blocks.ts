import type { Token } from "markdown-it";
import type { Block } from "./block-tree.ts";
import type { Dialect } from "./dialect.ts";
import { splitHtml } from "./html-tags.ts";
import { readSpans } from "./read-spans.ts";
import { surplusCells } from "./surplus-cells.ts";
import { layOutTable } from "./table.ts";

const TASK = /^\[([ xX])\]\s+/u;

interface Context {
  readonly dialect: Dialect;
  /** The lines that were parsed; tokens say which of them they come from. */
  readonly source: readonly string[];
  readonly quoteDepth: number;
}

/** Renders blocks to lines, with a blank line between two blocks unless they stand in a list. */
export function renderBlocks(blocks: readonly Block[], context: Context, { isTight = false } = {}): string[] {
  const lines: string[] = [];
  for (const block of blocks) {
    const rendered = renderBlock(block, context);
    if (rendered.length === 0) continue;
    if (lines.length > 0 && !isTight) lines.push("");
    for (const line of rendered) lines.push(line);
  }
  return lines;
}

function renderBlock(block: Block, context: Context): string[] {
  const { token, children } = block;
  const { dialect } = context;
  switch (token.type) {
    case "paragraph_open":
      return inlineText(block, dialect).split("\n");
    case "heading_open":
      return renderHeading(block, dialect);
    case "fence":
      return dialect.code(token.content.replace(/\n$/u, ""), token.info.trim());
    case "html_block":
      return renderHtml(token, dialect);
    case "hr":
      return [dialect.rule];
    case "blockquote_open":
      return dialect.quote(
        renderBlocks(children, { ...context, quoteDepth: context.quoteDepth + 1 }),
        context.quoteDepth,
      );
    case "bullet_list_open":
    case "ordered_list_open":
      return renderList(block, context);
    case "table_open":
      return renderTable(block, context);
    default:
      return renderBlocks(children, context);
  }
}

function renderHeading(block: Block, dialect: Dialect): string[] {
  const text = inlineText(block, dialect).replaceAll("\n", " ").trim();
  return text === "" ? [] : [dialect.heading(Number(block.token.tag.slice(1)), text)];
}

function renderList({ token, children }: Block, context: Context): string[] {
  const markers = token.type === "ordered_list_open" ? orderedMarkers(children) : children.map(() => "• ");
  return children.flatMap((item, index) => {
    const lines = renderBlocks(item.children, context, { isTight: true });
    return renderItem(lines, markers[index] ?? "• ", context.dialect);
  });
}

function renderItem([first = "", ...rest]: readonly string[], marker: string, dialect: Dialect): string[] {
  const task = TASK.exec(first);
  const box = task?.[1] === " " ? "☐ " : "☑ ";
  const indent = dialect.indent(marker.length);
  const head = task === null ? marker + first : box + first.slice(task[0].length);
  return [head.trimEnd(), ...rest.map((line) => (line === "" ? "" : indent + line))];
}

/** The numbers as typed when they rise; "1. 1. 1." is the idiom for a list that counts by itself. */
function orderedMarkers(items: readonly Block[]): string[] {
  const typed = items.map(({ token }) => Number(token.info));
  const rises = typed.every((number, index) => index === 0 || number > (typed[index - 1] ?? 0));
  const start = typed[0] ?? 1;
  return items.map(({ token }, index) => `${rises ? token.info : start + index}${token.markup} `);
}

function renderTable(block: Block, context: Context): string[] {
  const [header = [], ...rows] = block.children
    .flatMap((section) => section.children)
    .map((row) => renderRow(row, context));
  return layOutTable(header, rows, context.dialect.table);
}

function renderRow({ token, children }: Block, { dialect, source }: Context): string[] {
  const cells = children.map((cell) =>
    inlineText(cell, dialect)
      .replace(/\s*\n\s*/gu, " ")
      .trim(),
  );
  const surplus = surplusCells(source[token.map?.[0] ?? -1] ?? "", cells.length);
  if (surplus === "") return cells;
  const rest = dialect.inline([{ kind: "text", text: surplus }]);
  return cells.map((cell, index) => (index < cells.length - 1 ? cell : `${cell} | ${rest}`.trimStart()));
}

/** Markdown inside a block of HTML is text by definition; its tags are dropped or lowered like those in a line. */
function renderHtml(token: Token, dialect: Dialect): string[] {
  const spans = readSpans(splitHtml(token.content), { loose: true });
  const lines = dialect.inline(spans).split("\n");
  return lines.map((line) => line.trimEnd()).filter((line) => line.trim() !== "");
}

function inlineText(block: Block, dialect: Dialect): string {
  return block.children.map(({ token }) => dialect.inline(readSpans(token.children ?? []))).join("");
}
