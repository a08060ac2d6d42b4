/**
 * The frame around code in a text message:
 *
 *     ┌──────── python
 *     print("hi")
 *     └────────
 *
 * As with a fence of Markdown, a longer line is used when the code itself holds the closing line.
 */
const LINE = "─";
const MIN_LINE = 8;
const INFO_LIMIT_CHARS = 40;
/** Quotation marks and indentation that a frame inside a quote or a list carries, then the corner and the line. */
const OPENING = /^([> \u3000]*)┌(─{8,})(?: ([^\n]{1,60}))?$/u;

export interface OpenFrame {
  /** The line to open the frame again in the next message. */
  readonly reopen: string;
  /** The line that closes it. */
  readonly close: string;
}

export function frameCode(lines: readonly string[], info: string): string[] {
  let length = MIN_LINE;
  const corners = new Set(lines.filter((line) => line.includes(`└${LINE.repeat(MIN_LINE)}`)).map(trimPrefix));
  while (corners.has(`└${LINE.repeat(length)}`)) length++;
  const label = info.replace(/\s+/gu, " ").trim().slice(0, INFO_LIMIT_CHARS);
  return [`┌${LINE.repeat(length)}${label === "" ? "" : ` ${label}`}`, ...lines, `└${LINE.repeat(length)}`];
}

/** The frame that this line opens, if it is one. */
export function readFrameOpening(line: string): OpenFrame | undefined {
  const match = OPENING.exec(line);
  if (match === null) return undefined;
  const [, prefix = "", rule = "", label = ""] = match;
  const mark = label.endsWith("…") ? "" : " …";
  return { reopen: `${line}${mark}\n`, close: `${prefix}└${rule}` };
}

function trimPrefix(line: string): string {
  return line.replace(/^[> \u3000]+/u, "");
}
