import type { InlineToken } from "./spans.ts";

/** Tags that have a meaning in a line of text. A pair of them is lowered; one without its partner is somebody's text. */
const INLINE_TAGS =
  "a abbr b big bdi bdo cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var";
/** Tags that structure a page. They are dropped, also alone: Markdown between them splits the pair. */
const BLOCK_TAGS =
  "address article aside blockquote body caption center col colgroup dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html li main nav ol p picture pre section source summary table tbody td tfoot th thead tr ul";
const VOID_TAGS = "br hr img input wbr";

const KINDS = new Map<string, "inline" | "block" | "void">([
  ...INLINE_TAGS.split(" ").map((name) => [name, "inline"] as const),
  ...BLOCK_TAGS.split(" ").map((name) => [name, "block"] as const),
  ...VOID_TAGS.split(" ").map((name) => [name, "void"] as const),
]);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  apos: "'",
  nbsp: " ",
};

export interface HtmlTag {
  readonly name: string;
  readonly kind: "inline" | "block" | "void";
  readonly isClosing: boolean;
  attribute(name: string): string | undefined;
}

/** The tag, or undefined for what is no tag of HTML ("<T>", "<your-name>") and so must stay as typed. */
export function parseTag(html: string): HtmlTag | undefined {
  const match = /^<(\/?)([a-z][a-z0-9]*)(?=[\s/>])/iu.exec(html);
  const name = match?.[2]?.toLowerCase() ?? "";
  const kind = KINDS.get(name);
  if (kind === undefined) return undefined;
  return { name, kind, isClosing: match?.[1] === "/", attribute: (key) => readAttribute(html, key) };
}

/** Cuts a block of HTML into tags and the text between them, entities decoded, comments left out. */
export function splitHtml(html: string): InlineToken[] {
  const parts: InlineToken[] = [];
  const addText = (text: string) => text !== "" && parts.push(inlineToken("text", decodeEntities(text)));
  let from = 0;
  for (let start = html.indexOf("<"); start !== -1; start = html.indexOf("<", from)) {
    addText(html.slice(from, start));
    const isComment = html.startsWith("<!--", start);
    const end = html.indexOf(isComment ? "-->" : ">", start);
    // Nothing closes any more, so the rest is text: looking again for each "<" would be quadratic.
    if (end === -1) {
      from = start;
      break;
    }
    from = end + (isComment ? 3 : 1);
    if (!isComment) parts.push(inlineToken("html_inline", html.slice(start, from)));
  }
  addText(html.slice(from));
  return parts;
}

function inlineToken(type: string, content: string): InlineToken {
  return { type, content, tag: "", nesting: 0, markup: "", children: null, attrGet: () => null };
}

function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|apos|nbsp);/gu, (whole, name: string) => ENTITIES[name] ?? whole);
}

function readAttribute(html: string, key: string): string | undefined {
  const pattern = new RegExp(`\\s${key}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "iu");
  const match = pattern.exec(html);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : decodeEntities(value);
}
