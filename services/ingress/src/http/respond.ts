import type { ServerResponse } from "node:http";

/** Answers with exactly these bytes. Does nothing when the client is gone. */
export function respond(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(body);
}

export function respondJson(response: ServerResponse, status: number, body: object): void {
  respond(response, status, JSON.stringify(body), { "Content-Type": "application/json; charset=utf-8" });
}
