/** The value of one cookie of a Cookie header, or undefined. The first of equal names wins, as RFC 6265 orders them. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").slice(0, 8192).split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
