import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

const LIMITS = { headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 65_000, maxHeaderSize: 8192 };

export interface MetricsServer {
  /** The port that was taken, also when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * `/metrics` on an address of its own, so that no public port ever shows it. Rejects in plain words when the
 * address cannot be taken. Simultaneous scrapes share one reading, so that scraping cannot become a load.
 */
export async function serveMetrics(
  registry: Pick<Registry, "metrics" | "contentType">,
  address: MetricsAddress,
  logger: { warn(fields: object, text: string): void },
): Promise<MetricsServer> {
  let reading: Promise<string> | undefined;
  const read = () => {
    reading ??= registry.metrics().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.split("?", 1)[0] !== "/metrics") return void response.writeHead(404).end();
    if (request.method !== "GET") return void response.writeHead(405, { allow: "GET" }).end();
    const text = await read();
    response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" }).end(text);
  };
  const server = createServer(LIMITS, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.warn({ err: error }, "metrics could not be read");
      response.writeHead(500).end();
    });
  });
  server.maxConnections = 100;
  await listen(server, address);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, { host, port }: MetricsAddress): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new Error(
      `Cannot listen on ${host}:${port} (${String(code)}). Set METRICS_HOST and METRICS_PORT to a free address, another one for each process of this machine.`,
    );
  }
}
