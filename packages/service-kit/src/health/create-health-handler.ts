import type { IncomingMessage, ServerResponse } from "node:http";

const READY_TIMEOUT_MS = 1000;

export interface HealthDeps {
  /** Resolves when the process can do its work, like a PING of Redis; rejects, or takes too long, when not. */
  readonly ready: () => Promise<unknown>;
  /** Default 1 s. */
  readonly timeoutMs?: number;
}

/** Answers GET and HEAD of /health and /ready, for a plain server or as a middleware; false for any other request. */
export type HealthHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * /health says that the process answers, and nothing about Redis, whose failure a restart would not mend. /ready
 * says whether it can work. Simultaneous probes share one check, so probing cannot become a load.
 */
export function createHealthHandler(deps: HealthDeps): HealthHandler {
  const timeoutMs = deps.timeoutMs ?? READY_TIMEOUT_MS;
  let running: Promise<boolean> | undefined;
  const isReady = (): Promise<boolean> => {
    running ??= settlesWithin(deps.ready, timeoutMs).finally(() => {
      running = undefined;
    });
    return running;
  };
  return (request, response) => {
    const path = request.url?.split("?", 1)[0];
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    if (path === "/health") respond(response, 200, "ok");
    else if (path === "/ready") {
      void isReady().then((ready) => respond(response, ready ? 200 : 503, ready ? "ready" : "unavailable"));
    } else return false;
    return true;
  };
}

async function settlesWithin(check: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([check().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function respond(response: ServerResponse, statusCode: number, status: string): void {
  const body = JSON.stringify({ status });
  response.writeHead(statusCode, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
