import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ConsoleServer {
  /** The port that was taken, also when 0 was asked for. */
  readonly port: number;
  /** Takes no new connections and resolves when every request was answered, or cut off because of `forced`. */
  close(forced?: AbortSignal): Promise<void>;
}

/** Listens with limits for slow and oversized clients. Rejects when the address cannot be taken. */
export async function listenConsole(
  app: RequestListener,
  address: { host: string; port: number },
): Promise<ConsoleServer> {
  const limits = {
    headersTimeout: 5000,
    requestTimeout: 15_000,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16_384,
  };
  const server = createServer(limits, app);
  server.maxConnections = 500;
  server.listen(address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: (forced) =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeIdleConnections();
        forced?.addEventListener("abort", () => server.closeAllConnections());
      }),
  };
}
