import type { Redis } from "ioredis";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

export type Connections = Readonly<Record<string, Pick<Redis, "status">>>;

/**
 * A registry with what every process has: Node's and the process's own figures (event-loop lag, memory, CPU; in
 * prom-client's usual names) and whether each connection to Redis is up.
 */
export function createMetricsRegistry(connections: Connections): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "gateway_redis_up",
    help: "Whether this process's connection to Redis is up (1) or not (0).",
    labelNames: ["connection"],
    registers: [registry],
    collect() {
      for (const [connection, { status }] of Object.entries(connections))
        this.set({ connection }, status === "ready" ? 1 : 0);
    },
  });
  return registry;
}
