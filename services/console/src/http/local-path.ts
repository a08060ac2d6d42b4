const BASE = "http://console.invalid";

/**
 * A path of this console to go to after sign-in, or "/" for anything else: another origin, a scheme,
 * `//host`, `/\host` and control characters never come out of here (no open redirect).
 */
export function localPath(candidate: unknown): string {
  if (typeof candidate !== "string" || candidate.length > 1024 || !candidate.startsWith("/")) return "/";
  if (!URL.canParse(candidate, BASE)) return "/";
  const url = new URL(candidate, BASE);
  if (url.origin !== BASE || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search;
}
