// WeCom refuses control characters with 40033 and the client cannot show them. Line feed and tab are kept.
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFEFF\u{FFFE}\u{FFFF}]/gu;
/** Colours and links of a terminal, removed whole: without the escape character the rest would be rubbish. */
const TERMINAL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/gu;
const FENCE = /^[ \t]{0,12}(`{3,}|~{3,})/u;
/** More blank lines than this in a row become one, except in code. */
const MAX_BLANK_LINES = 2;

/** A text that WeCom accepts: no control characters, no lone surrogates, line feeds only, no blank ends. */
export function cleanText(text: string): string {
  const cleaned = text
    .toWellFormed()
    .replace(TERMINAL_SEQUENCE, "")
    .replace(/\r\n?|[\u2028\u2029]/gu, "\n")
    .replace(CONTROL, "");
  // Only whole lines at the start: the first line may be indented on purpose.
  return collapseBlankLines(cleaned)
    .replace(/^(?:[^\S\n]*\n)+/u, "")
    .trimEnd();
}

function collapseBlankLines(text: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  let blanks = 0;
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    blanks = fence === undefined && line.trim() === "" ? blanks + 1 : 0;
    if (blanks === MAX_BLANK_LINES + 1) kept.length -= MAX_BLANK_LINES - 1;
    else if (blanks <= MAX_BLANK_LINES) kept.push(line);
  }
  return kept.join("\n");
}
