import { imageText, linkForm } from "./links.ts";
import type { Span } from "./spans.ts";

/** WeCom's text messages know one tag (WeCom doc 90236), so only this one can be taken for more than text. */
const ANCHOR_START = /<(?=a\s[^<>]{0,200}?href\s*=)/giu;
const ENDS_WITH_ADDRESS = /:\/\/[^\s<>()]+$/u;
const ZERO_WIDTH_SPACE = "\u200b";
const UNSAFE_IN_ANCHOR = /[<>]|&#?\w+;/u;

/**
 * Writes spans for a text message. Links become `<a href>`: the WeCom client and the WeChat plugin show the name, and
 * a long address does not bury the sentence. Where the name could not stand inside the tag (escaping is undocumented),
 * the form is "name (address)". Inline code is set in 「」 so that it stays apart from the words around it.
 */
export function writeText(spans: readonly Span[]): string {
  let text = "";
  let endsWithAddress = false;
  for (const span of spans) {
    const piece = writeSpan(span);
    // Clients link whatever follows an address without a space.
    text += endsWithAddress && /^\S/u.test(piece) ? ` ${piece}` : piece;
    if (piece !== "") endsWithAddress = span.kind !== "text" && ENDS_WITH_ADDRESS.test(piece);
  }
  return text;
}

/** Shows HTML as typed: without this, WeCom would turn an `<a href>` in somebody's code into a link. */
export function guardAnchors(text: string): string {
  return text.replace(ANCHOR_START, `<${ZERO_WIDTH_SPACE}`);
}

function writeSpan(span: Span): string {
  switch (span.kind) {
    case "text":
      return guardAnchors(span.text);
    case "break":
      return "\n";
    case "code":
      return `「${guardAnchors(span.code)}」`;
    case "image":
      return imageText(span.alt, span.url);
    case "link":
      return writeLink(span.label, span.url);
    default:
      return "";
  }
}

function writeLink(label: string, url: string): string {
  const form = linkForm(label, url);
  if (form.kind === "plain") return form.text;
  if (UNSAFE_IN_ANCHOR.test(form.label)) return `${form.label} (${form.url})`;
  return `<a href="${form.url}">${form.label}</a>`;
}
