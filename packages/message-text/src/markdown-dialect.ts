import type { Dialect } from "./dialect.ts";
import { guardMarks, inlineCode, writeMarkdown } from "./write-markdown.ts";

/** A space that no Markdown parser takes for indentation. */
const IDEOGRAPHIC_SPACE = "\u3000";

/** The subset that WeCom's apps render (WeCom doc 90236); everything else is lowered to what shows well there. */
export const markdownDialect: Dialect = {
  inline: writeMarkdown,
  heading: (level, text) => `${"#".repeat(level)} ${text}`,
  // Fenced code is not rendered. Inline code line by line keeps "#", ">" and "**" in it from turning into marks.
  code: (code, info) => [
    ...(info === "" ? [] : [`<font color="comment">${guardMarks(info)}</font>`]),
    ...code.split("\n").map((line) => (line.trim() === "" ? line : inlineCode(line))),
  ],
  // Quotes inside quotes are not rendered either: there is one level, and a bar stands for the others.
  quote: (lines, depth) => lines.map((line) => (depth > 0 ? `▏${line}` : `> ${line}`.trimEnd())),
  indent: (width) => IDEOGRAPHIC_SPACE.repeat(Math.ceil(width / 2)),
  rule: "────────────",
  table: {
    emphasize: (text) => (text === "" || /[*`[<]/u.test(text) ? text : `**${text}**`),
    indent: IDEOGRAPHIC_SPACE,
    isAligned: false,
  },
};
