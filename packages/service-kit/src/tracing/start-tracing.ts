import type { Logger } from "pino";
import type { Lifecycle } from "../process/lifecycle.ts";
import type { Tracer } from "./tracer.ts";

export interface TracingConfig {
  /** Where spans go by OTLP over HTTP: without /v1/traces. */
  readonly endpoint: string;
  /** Sent along, for collectors that ask for a key. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined where tracing is not configured: then nothing of the OpenTelemetry SDK is even loaded. */
export async function startTracing(
  config: TracingConfig | undefined,
  deps: {
    readonly service: string;
    readonly lifecycle: Pick<Lifecycle, "use">;
    readonly logger: Pick<Logger, "info" | "warn">;
  },
): Promise<Tracer | undefined> {
  if (config === undefined) return undefined;
  const { createOtlpTracer } = await import("./otlp-tracer.ts");
  const { tracer, close } = createOtlpTracer(config, deps);
  deps.lifecycle.use("tracing", close);
  deps.logger.info({ endpoint: new URL(config.endpoint).origin }, "traces are exported");
  return tracer;
}
