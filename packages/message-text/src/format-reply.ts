import type { Token } from "markdown-it";
import { buildBlockTree } from "./block-tree.ts";
import { cleanText } from "./clean-text.ts";
import type { Dialect } from "./dialect.ts";
import { isBlank } from "./is-blank.ts";
import { markdownDialect } from "./markdown-dialect.ts";
import { parseMarkdown } from "./markdown-parser.ts";
import { renderBlocks } from "./render-blocks.ts";
import { suitsMarkdown } from "./suits-markdown.ts";
import { textDialect } from "./text-dialect.ts";

/**
 * `text` suits every reader: the WeChat plugin shows no markdown messages. `markdown` is for members who use the WeCom
 * app. `auto` is markdown where that shows the whole reply as meant, and text otherwise.
 */
export type ReplyFormat = "text" | "markdown" | "auto";

export interface FormattedReply {
  readonly msgtype: "text" | "markdown";
  /** Of any length; see `chunkReply`. Blank only when the reply was blank. */
  readonly content: string;
}

/**
 * Turns what an agent wrote (GitHub-flavoured Markdown, or plain text that only looks a little like it) into what WeCom
 * shows well. Never throws, takes time in proportion to the length, and returns text that it does not understand as it
 * is.
 */
export function formatReply(text: string, format: ReplyFormat): FormattedReply {
  const cleaned = cleanText(text);
  const tokens = parseMarkdown(cleaned);
  const plain: FormattedReply = { msgtype: "text", content: cleaned };
  if (tokens === undefined) return plain;
  const msgtype = format === "auto" ? (suitsMarkdown(tokens) ? "markdown" : "text") : format;
  const content = render(tokens, cleaned, msgtype === "markdown" ? markdownDialect : textDialect);
  // A reply of nothing but comments is better shown raw than not at all.
  return isBlank(content) ? plain : { msgtype, content };
}

function render(tokens: readonly Token[], source: string, dialect: Dialect): string {
  const context = { dialect, source: source.split("\n"), quoteDepth: 0 };
  return renderBlocks(buildBlockTree(tokens), context).join("\n").trimEnd();
}
