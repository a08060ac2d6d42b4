import { isUtf8 } from "node:buffer";
import { XMLParser } from "fast-xml-parser";
import { CallbackError } from "./errors.ts";
import { decodeEntities } from "./xml-entities.ts";
import { readFlatXml } from "./xml-flat.ts";
import type { XmlLimits } from "./xml-markup.ts";
import { checkedMarkup } from "./xml-markup.ts";

/** An element's children by name. Leaves are strings, always; a repeated element is an array. */
export interface XmlElement {
  readonly [name: string]: XmlNode;
}
export type XmlNode = string | XmlElement | readonly XmlNode[];

const ROOT = "xml";
const TEXT = "#text";

// Drops one byte order mark at the start.
const utf8 = new TextDecoder();

const ignoreEntities = () => undefined;

// Values stay strings ("00123", a MsgId above 2^53) and keep their spaces. Names that could reach a prototype
// are refused or renamed by the parser. Depth is bounded twice: here and by `checkedMarkup`.
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  ignorePiTags: true,
  maxNestedTags: 64,
  jPath: false,
  processEntities: true,
  entityDecoder: {
    decode: decodeEntities,
    setExternalEntities: ignoreEntities,
    addInputEntities: ignoreEntities,
    reset: ignoreEntities,
    setXmlVersion: ignoreEntities,
  },
});

/**
 * Parses a document whose root is `<xml>` and returns the root's children.
 *
 * @throws CallbackError `encoding_invalid`, `xml_invalid`, `xml_doctype` or `xml_too_large`
 */
export function parseXml(bytes: Buffer, limits: XmlLimits): XmlElement {
  if (bytes.length > limits.limitBytes) throw new CallbackError("xml_too_large");
  if (!isUtf8(bytes)) throw new CallbackError("encoding_invalid");
  return readFlatXml(bytes) ?? parseDocument(utf8.decode(bytes), limits);
}

/** What the document means: what any faster way has to agree with. Throws like parseXml. */
export function parseDocument(document: string, limits: XmlLimits): XmlElement {
  const root = parseRoot(checkedMarkup(document, limits));
  if (typeof root === "string") {
    if (root.trim() !== "") throw new CallbackError("xml_invalid");
    return {};
  }
  if (!isElement(root)) throw new CallbackError("xml_invalid");
  return withoutLayout(root);
}

export function isElement(node: XmlNode | undefined): node is XmlElement {
  return typeof node === "object" && !Array.isArray(node);
}

function parseRoot(text: string): XmlNode | undefined {
  try {
    const document: XmlElement = parser.parse(text);
    return document[ROOT];
  } catch {
    throw new CallbackError("xml_invalid");
  }
}

/** Drops the text between child elements, which is line breaks and indentation. */
function withoutLayout(element: XmlElement): XmlElement {
  const kept: Record<string, XmlNode> = {};
  for (const [name, node] of Object.entries(element)) {
    if (name !== TEXT) kept[name] = withoutLayoutInside(node);
  }
  return kept;
}

function withoutLayoutInside(node: XmlNode): XmlNode {
  if (typeof node === "string") return node;
  return isElement(node) ? withoutLayout(node) : node.map(withoutLayoutInside);
}
