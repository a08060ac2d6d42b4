import { frameCode } from "./code-frame.ts";
import type { Dialect } from "./dialect.ts";
import { guardAnchors, writeText } from "./write-text.ts";

/** Plain text that reads well without any markup: what the WeChat plugin shows is what was written. */
export const textDialect: Dialect = {
  inline: writeText,
  heading: (level, text) => (level <= 2 ? `【${text}】` : `◆ ${text}`),
  code: (code, info) => frameCode(guardAnchors(code).split("\n"), info),
  quote: (lines) => lines.map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`.trimEnd())),
  indent: (width) => " ".repeat(width),
  rule: "────────────",
  table: { emphasize: (text) => text, indent: "  ", isAligned: true },
};
