import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../clock.ts";

/** What one client may take up. */
export interface ServerLimits {
  readonly headersTimeoutMs: number;
  /** For headers and body together. WeCom itself waits no longer than 5 s for everything. */
  readonly requestTimeoutMs: number;
  /** How often the two above are enforced. */
  readonly timeoutCheckMs: number;
  /** Longer than the 60 s after which common load balancers drop an idle connection. */
  readonly keepAliveTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** How long a drain waits for requests in flight: longer than an unanswered connection is held. */
  readonly drainMs: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  headersTimeoutMs: 4000,
  requestTimeoutMs: 5000,
  timeoutCheckMs: 500,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 8 * 1024,
  maxConnections: 8192,
  drainMs: 6000,
};

/** How often a drain closes the connections that have become idle. */
const IDLE_CHECK_MS = 20;

export interface HttpServer {
  /** Port 0 takes a free one. Resolves with the port. */
  listen(port: number, host?: string): Promise<number>;
  isDraining(): boolean;
  /** Takes no new connections, lets requests in flight finish, then cuts what is left. */
  drain(): Promise<void>;
}

export function createHttpServer(deps: {
  listener: RequestListener;
  limits: ServerLimits;
  clock: Clock;
}): HttpServer {
  const { limits, clock } = deps;
  let draining = false;
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    deps.listener,
  );
  server.maxConnections = limits.maxConnections;

  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    },
    isDraining: () => draining,
    async drain() {
      draining = true;
      if (server.listening) await closeWithin(server, limits.drainMs, clock);
    },
  };
}

async function closeWithin(server: Server, drainMs: number, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cancelCut = clock.after(drainMs, () => server.closeAllConnections());
  // A connection that goes idle after the drain began would otherwise stay open.
  const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  await closed;
  clearInterval(idleCheck);
  cancelCut();
}
