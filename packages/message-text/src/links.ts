import { normalizeUrl } from "./markdown-parser.ts";

/** How a link is best shown: under its name, or as text that says all. */
export type LinkForm =
  | { readonly kind: "named"; readonly label: string; readonly url: string }
  | { readonly kind: "plain"; readonly text: string };

/** A named link is one piece that no message border may cut, so it must stay well below the size of a message. */
const NAMED_LINK_LIMIT_BYTES = 1024;
const WEB = /^https?:\/\//iu;
const ADDRESS = /^(?:mailto|tel):/iu;
const LOOKS_LIKE_ADDRESS =
  /^(?:https?:\/\/|www\.)|^[\w-]+(?:\.[\w-]+){0,4}\.(?:com|cn|net|org|io|gov|edu|co|me|app|dev|top|xyz)(?:[/?#]|$)/iu;

/**
 * A name hides where a link leads. That is what people want to read, unless the name itself claims an address: then
 * both are shown, so that "[bank.com](https://elsewhere)" deceives nobody.
 */
export function linkForm(label: string, url: string): LinkForm {
  if (label === "") return { kind: "plain", text: url };
  if (url === "" || url.startsWith("#") || isSameAddress(label, url)) return { kind: "plain", text: label };
  const isShort = Buffer.byteLength(label) + Buffer.byteLength(url) <= NAMED_LINK_LIMIT_BYTES;
  if (WEB.test(url) && isShort && !LOOKS_LIKE_ADDRESS.test(label)) {
    return { kind: "named", label, url: url.replace(/[\s"'<>`\\]/gu, encodeURIComponent) };
  }
  return { kind: "plain", text: `${label} (${url.replace(ADDRESS, "")})` };
}

/** "🖼 alt: url"; the bytes of a data: URL are worth nothing to a reader. */
export function imageText(alt: string, url: string): string {
  const parts = [alt, url.startsWith("data:") ? "" : url].filter((part) => part !== "");
  return ["🖼", parts.join(": ")].join(" ").trimEnd();
}

function isSameAddress(label: string, url: string): boolean {
  const bare = url.replace(ADDRESS, "").replace(WEB, "").replace(/\/$/u, "");
  return [label, normalizeUrl(label)].some(
    (name) => name.replace(ADDRESS, "").replace(WEB, "").replace(/\/$/u, "") === bare,
  );
}
