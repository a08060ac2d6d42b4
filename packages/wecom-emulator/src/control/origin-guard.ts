import type { RequestHandler } from "express";

/** Names that no web site can point at this machine: addresses, names without a dot, and *.localhost. */
function isLocalHostHeader(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (name.startsWith("[") && name.endsWith("]")) return true;
  return !name.includes(".") || /^[\d.]+$/.test(name) || name.endsWith(".localhost");
}

function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/**
 * Keeps web pages of other sites away from the control API. A page elsewhere shows itself by `Origin` or
 * `Sec-Fetch-Site`; one that renamed itself to this address (DNS rebinding) by the `Host` it asks for.
 */
export function createOriginGuard(): RequestHandler {
  return (request, response, next) => {
    const site = request.get("sec-fetch-site");
    const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
    const host = request.get("host");
    if (isLocalHostHeader(host) && isSameOrigin(request.get("origin"), host) && !isForeignSite) {
      next();
      return;
    }
    response.status(403).json({
      error: "cross_origin",
      message: "The control API answers its own page and local programs only.",
    });
  };
}
