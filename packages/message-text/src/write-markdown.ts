import { imageText, linkForm } from "./links.ts";
import { createMarks } from "./marks.ts";
import type { Span } from "./spans.ts";

const ZERO_WIDTH_SPACE = "\u200b";
/** Looks like a backtick and is none. */
const GRAVE_ACCENT = "\u02cb";

/**
 * Writes spans in the subset of markdown that WeCom's apps render (WeCom doc 90236): bold, links, inline code and font
 * colours. No marker of bold or colour crosses a line, because that is undocumented. How to escape is undocumented
 * too, so text that would read as a mark is broken with a zero width space.
 */
export function writeMarkdown(spans: readonly Span[]): string {
  const marks = createMarks();
  let text = "";
  for (const span of spans) {
    if (span.kind === "open") marks.open(span.mark);
    else if (span.kind === "close") text += marks.close(span.mark);
    else if (span.kind === "break") text += `${marks.suspend()}\n`;
    else text += marks.resume() + writeSpan(span);
  }
  return (text + marks.suspend()).replace(/^(?=#{1,6}\s|>)/gmu, ZERO_WIDTH_SPACE);
}

/** Inline code that may itself hold backticks, fenced by one more than its longest run (CommonMark). */
export function inlineCode(code: string): string {
  let longest = 0;
  for (const [run] of code.matchAll(/`+/gu)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const space = /^`|`$/u.test(code) ? " " : "";
  return `${fence}${space}${code}${space}${fence}`;
}

/** Text that must not be read as a mark. */
export function guardMarks(text: string): string {
  return text
    .replace(/\*(?=\*)/gu, `*${ZERO_WIDTH_SPACE}`)
    .replace(/\](?=\()/gu, `]${ZERO_WIDTH_SPACE}`)
    .replace(/<(?=\/?font[\s>])/giu, `<${ZERO_WIDTH_SPACE}`)
    .replaceAll("`", GRAVE_ACCENT);
}

function writeSpan(span: Span): string {
  switch (span.kind) {
    case "text":
      return guardMarks(span.text);
    case "code":
      return inlineCode(span.code);
    case "image":
      return span.url.startsWith("http")
        ? writeLink(`🖼 ${span.alt}`.trimEnd(), span.url)
        : guardMarks(imageText(span.alt, span.url));
    case "link":
      return writeLink(span.label, span.url);
    default:
      return "";
  }
}

function writeLink(label: string, url: string): string {
  const form = linkForm(label, url);
  if (form.kind === "plain") return guardMarks(form.text);
  const name = form.label.replaceAll("[", "［").replaceAll("]", "］").replaceAll("`", GRAVE_ACCENT);
  return `[${name}](${form.url.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}
