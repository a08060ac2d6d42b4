// WeCom refuses control characters with 40033 and the client cannot show them. Line feed and tab are kept.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/gu;

/** A text that WeCom accepts: no control characters, no lone surrogates, line feeds only, no blank ends. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/\r\n?/gu, "\n").replace(CONTROL, "").trim();
}
