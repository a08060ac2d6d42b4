import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Lifecycle } from "../process/lifecycle.ts";
import type { Connections } from "./create-registry.ts";
import { createMetricsRegistry } from "./create-registry.ts";
import type { MetricsAddress } from "./serve-metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

/**
 * The registry of a process, served where an address is configured. What is registered later is served, too; it
 * closes late, so that a drain can be watched.
 */
export async function startMetrics(
  connections: Connections,
  deps: {
    readonly address: MetricsAddress | undefined;
    readonly lifecycle: Pick<Lifecycle, "use">;
    readonly logger: Logger;
  },
): Promise<Registry> {
  const { address, lifecycle, logger } = deps;
  const registry = createMetricsRegistry(connections);
  if (address === undefined) return registry;
  const server = await serveMetrics(registry, address, logger);
  lifecycle.use("metrics", server.close);
  logger.info({ host: address.host, port: server.port }, "metrics are served");
  return registry;
}
