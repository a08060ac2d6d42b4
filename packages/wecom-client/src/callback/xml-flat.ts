/** Anything larger is rare enough for the parser. */
const LIMIT_ELEMENTS = 24;
const LIMIT_PLAIN_CHARS = 128;

const ROOT_OPEN = "<xml>";
const ROOT_CLOSE = "</xml>";
const CDATA_OPEN = "<![CDATA[";
const CDATA_CLOSE = "]]>";
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const NON_ASCII = /[\x80-\xff]/;
/** Outside CDATA: a number or a keyword, nothing that a parser might see anything in. */
const PLAIN = /^[\w.,:-]*$/;

/**
 * Reads the document that WeCom nearly always sends: `<xml>` around elements that hold one CDATA section or a plain
 * word each, none of them twice. Ten times as fast as the parser, which is the judge of what a document means: for
 * whatever is not exactly of that form the answer is undefined, and the parser reads it, or refuses it.
 *
 * @param bytes valid UTF-8. They are looked at as they are, which finds every mark of XML, and only values are decoded.
 */
export function readFlatXml(bytes: Buffer): Record<string, string> | undefined {
  const document = bytes.toString("latin1");
  // XML makes one line break of them; that is left to the parser.
  if (!document.startsWith(ROOT_OPEN) || document.includes("\r")) return undefined;
  const fields: Record<string, string> = {};
  let position = ROOT_OPEN.length;
  for (let elements = 0; elements < LIMIT_ELEMENTS; elements += 1) {
    const tagStart = document.indexOf("<", position);
    if (tagStart < 0 || !isLayout(document, position, tagStart)) return undefined;
    if (document.startsWith(ROOT_CLOSE, tagStart)) {
      return isLayout(document, tagStart + ROOT_CLOSE.length, document.length) ? fields : undefined;
    }
    position = readElement(bytes, document, tagStart, fields);
    if (position < 0) return undefined;
  }
  return undefined;
}

/** @returns the position after the element, or -1 */
function readElement(
  bytes: Buffer,
  document: string,
  tagStart: number,
  fields: Record<string, string>,
): number {
  const tagEnd = document.indexOf(">", tagStart);
  const name = document.slice(tagStart + 1, tagEnd);
  // `in` and not `hasOwn`: a name that every object has is nothing for this reader either.
  if (!NAME.test(name) || name in fields) return -1;
  const valueStart = tagEnd + 1;
  const isCdata = document.startsWith(CDATA_OPEN, valueStart);
  const valueEnd = document.indexOf(isCdata ? CDATA_CLOSE : "<", valueStart);
  if (valueEnd < 0 || !(isCdata || isPlain(document, valueStart, valueEnd))) return -1;
  const closeStart = isCdata ? valueEnd + CDATA_CLOSE.length : valueEnd;
  const closeEnd = closeStart + 2 + name.length;
  if (!document.startsWith("</", closeStart) || !document.startsWith(name, closeStart + 2)) return -1;
  if (document[closeEnd] !== ">") return -1;
  const textStart = isCdata ? valueStart + CDATA_OPEN.length : valueStart;
  const text = document.slice(textStart, valueEnd);
  fields[name] = NON_ASCII.test(text) ? bytes.toString("utf8", textStart, valueEnd) : text;
  return closeEnd + 1;
}

function isPlain(document: string, start: number, end: number): boolean {
  return end - start <= LIMIT_PLAIN_CHARS && PLAIN.test(document.slice(start, end));
}

/** Line breaks and indentation. Mostly one character, for which a regular expression takes longer than all else here. */
function isLayout(document: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!"\n\t ".includes(document[at] ?? "x")) return false;
  return end - start <= LIMIT_PLAIN_CHARS;
}
