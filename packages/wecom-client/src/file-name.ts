/** Room for a prefix or a counter within the 255 bytes of usual file systems. */
const NAME_LIMIT_BYTES = 150;
const EXTENSION_LIMIT_BYTES = 20;
const FALLBACK_NAME = "file";

/**
 * A foreign name made safe: last path segment only, no control, direction-changing or shell-relevant quoting
 * characters, no leading dots, bounded, never empty. Other scripts and spaces stay as they are.
 */
export function safeFileName(name: string): string {
  const cleaned = name
    .replace(/^.*[/\\]/s, "")
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, "")
    .replace(/["'`<>:|?*;$]/g, "_")
    .replace(/^[\s.]+/, "")
    .replace(/[\s.]+$/, "");
  return shorten(cleaned) || FALLBACK_NAME;
}

/** The file name of a Content-Disposition header as Node reads it (bytes as Latin-1), made safe. */
export function fileNameOf(disposition: string | undefined): string {
  const header = Buffer.from(disposition ?? "", "latin1").toString("utf8");
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  return safeFileName(decode(extended) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2] ?? "");
}

function decode(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Cuts between characters, and keeps the extension. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= NAME_LIMIT_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension =
    dot > 0 && Buffer.byteLength(name.slice(dot)) <= EXTENSION_LIMIT_BYTES ? name.slice(dot) : "";
  let kept = "";
  for (const character of name.slice(0, name.length - extension.length)) {
    if (Buffer.byteLength(kept + character + extension) > NAME_LIMIT_BYTES) break;
    kept += character;
  }
  return kept + extension;
}
