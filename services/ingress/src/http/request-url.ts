import type { IncomingMessage } from "node:http";

/** The raw path of a request. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at);
}

/** The raw query of a request, without the question mark; empty when it has none. */
export function searchOf(request: IncomingMessage): string {
  const url = request.url ?? "";
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at + 1);
}
