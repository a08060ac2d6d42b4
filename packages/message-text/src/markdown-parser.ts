import type { Env, MarkdownIt as Parser, Token } from "markdown-it";
import MarkdownIt from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import { useChatRules } from "./chat-rules.ts";

/** Longer texts are not parsed: they go out as they are. Parsing is linear, about 3 ms of CPU per 1,000 characters. */
const PARSE_LIMIT_CHARS = 200_000;
/** Deeper nesting is refused as a whole, because the parser would drop what is below. */
const MAX_NESTING = 60;

const parser = createParser();
const parserWithoutReferences = createParser().disable("reference");

/**
 * Parses GitHub-flavoured Markdown as agents write it. Undefined when the text is too long or too deeply nested to be
 * Markdown that somebody meant; it is then sent as plain text.
 */
export function parseMarkdown(text: string): Token[] | undefined {
  if (text.length > PARSE_LIMIT_CHARS) return undefined;
  const env: Env = {};
  let tokens = parser.parse(text, env);
  // A definition that nothing refers to would vanish; then every definition is ordinary text.
  if (hasUnusedReference(tokens, env)) tokens = parserWithoutReferences.parse(text, {});
  return tokens.some((token) => token.level >= MAX_NESTING - 1) ? undefined : tokens;
}

/** The URL in the form in which the parser puts it into a link. */
export function normalizeUrl(url: string): string {
  return parser.normalizeLink(url);
}

function createParser(): Parser {
  // Emphasis next to CJK punctuation ("**注意：**请") is none by the letter of CommonMark; the plugin makes it one.
  const markdown = new MarkdownIt({ html: true, maxNesting: MAX_NESTING }).use(cjkFriendly);
  // In a chat an indented line is not code, and dashes under a line are a rule, not a heading.
  return useChatRules(markdown.disable(["code", "lheading"]));
}

function hasUnusedReference(tokens: readonly Token[], env: Env): boolean {
  const references = Object.values(env.references ?? {});
  if (references.length === 0) return false;
  const used = new Set<unknown>();
  for (const token of tokens) {
    for (const child of token.children ?? []) used.add(child.attrGet("href") ?? child.attrGet("src"));
  }
  return references.some(({ href }) => !used.has(href));
}
