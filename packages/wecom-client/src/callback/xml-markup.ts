import { CallbackError } from "./errors.ts";

export interface XmlLimits {
  readonly limitBytes: number;
  readonly limitDepth: number;
  readonly limitElements: number;
  /** Text outside CDATA: the parser reads it character by character, CDATA in one step. */
  readonly limitPlainChars: number;
}

const XML_DECLARATION = /^<\?xml(?:\s+[a-z]+\s*=\s*(?:"[\w.-]*"|'[\w.-]*'))*\s*\?>/;
const OPEN_TAG = /<([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const CLOSE_TAG = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const CDATA_OPEN = "<![CDATA[";
const COMMENT_OPEN = "<!--";

interface Scan {
  readonly text: string;
  readonly limits: XmlLimits;
  readonly openTags: string[];
  elements: number;
  plainChars: number;
}

/**
 * Walks the markup once, before the parser sees it, and refuses what the parser would accept: a DOCTYPE,
 * processing instructions, tags that do not match, a second root, and more depth or elements than allowed.
 * Text in CDATA is skipped, so that a user may well write `<!DOCTYPE html>` to the agent.
 *
 * @returns the document without its XML declaration
 * @throws CallbackError `xml_doctype`, `xml_invalid` or `xml_too_large`
 */
export function checkedMarkup(document: string, limits: XmlLimits): string {
  const text = document.trimStart().replace(XML_DECLARATION, "");
  const scan: Scan = { text, limits, openTags: [], elements: 0, plainChars: 0 };
  let position = 0;
  while (position < text.length) {
    const tagStart = text.indexOf("<", position);
    const textEnd = tagStart === -1 ? text.length : tagStart;
    checkPlainText(scan, position, textEnd);
    position = tagStart === -1 ? textEnd : passMarkup(scan, tagStart);
  }
  if (scan.elements === 0 || scan.openTags.length > 0) throw new CallbackError("xml_invalid");
  return text;
}

function checkPlainText(scan: Scan, start: number, end: number): void {
  scan.plainChars += end - start;
  if (scan.plainChars > scan.limits.limitPlainChars) throw new CallbackError("xml_too_large");
  if (scan.openTags.length === 0 && scan.text.slice(start, end).trim() !== "") {
    throw new CallbackError("xml_invalid");
  }
}

/** @returns the position after the piece of markup that starts at `start` */
function passMarkup(scan: Scan, start: number): number {
  switch (scan.text[start + 1]) {
    case "!":
      return passDeclaration(scan, start);
    case "/":
      return passCloseTag(scan, start);
    default:
      return passOpenTag(scan, start);
  }
}

function passDeclaration(scan: Scan, start: number): number {
  const { text } = scan;
  if (text.startsWith(CDATA_OPEN, start)) {
    if (scan.openTags.length === 0) throw new CallbackError("xml_invalid");
    return passUntil(text, "]]>", start + CDATA_OPEN.length);
  }
  if (text.startsWith(COMMENT_OPEN, start)) return passUntil(text, "-->", start + COMMENT_OPEN.length);
  // DOCTYPE, ENTITY and the rest of the declarations of a DTD.
  throw new CallbackError("xml_doctype");
}

function passUntil(text: string, terminator: string, from: number): number {
  const end = text.indexOf(terminator, from);
  if (end === -1) throw new CallbackError("xml_invalid");
  return end + terminator.length;
}

function passOpenTag(scan: Scan, start: number): number {
  OPEN_TAG.lastIndex = start;
  const [tag, name, selfClosing] = OPEN_TAG.exec(scan.text) ?? [];
  if (tag === undefined || name === undefined) throw new CallbackError("xml_invalid");
  if (scan.openTags.length === 0 && scan.elements > 0) throw new CallbackError("xml_invalid");
  scan.elements += 1;
  if (scan.elements > scan.limits.limitElements) throw new CallbackError("xml_too_large");
  if (scan.openTags.length >= scan.limits.limitDepth) throw new CallbackError("xml_too_large");
  if (selfClosing === "") scan.openTags.push(name);
  return start + tag.length;
}

function passCloseTag(scan: Scan, start: number): number {
  CLOSE_TAG.lastIndex = start;
  const [tag, name] = CLOSE_TAG.exec(scan.text) ?? [];
  if (tag === undefined || name !== scan.openTags.pop()) throw new CallbackError("xml_invalid");
  return start + tag.length;
}
