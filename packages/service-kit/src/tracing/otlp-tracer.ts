import { randomUUID } from "node:crypto";
import type { Context, Link, Span as OtelSpan, SpanContext } from "@opentelemetry/api";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import type { TracingConfig } from "./start-tracing.ts";
import type { Span, SpanAttributes, SpanOptions, Tracer } from "./tracer.ts";

const EXPORT_TIMEOUT_MS = 5000;
/** A collector that is away would otherwise write a line every few seconds. */
const COMPLAIN_EVERY_MS = 60_000;
/** What is left is sent at the end of the process, if the collector takes it in this time. */
const CLOSE_MS = 3000;

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER } as const;

/**
 * Spans by OTLP over HTTP, in batches, dropped when too many wait: tracing never holds up a message. Sampling, limits
 * and batches are set by OpenTelemetry's own variables (OTEL_TRACES_SAMPLER, OTEL_BSP_…), which its SDK reads itself.
 */
export function createOtlpTracer(
  config: TracingConfig,
  deps: { readonly service: string; readonly logger: Pick<Logger, "warn"> },
): { tracer: Tracer; close(): Promise<void> } {
  setGlobalErrorHandler(createComplaint(deps.logger));
  const exporter = new OTLPTraceExporter({
    url: `${config.endpoint.replace(/\/+$/, "")}/v1/traces`,
    headers: { ...config.headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const own = { "service.name": `wecom-gateway-${deps.service}`, "service.instance.id": randomUUID() };
  const resource = resourceFromAttributes(own).merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const otel = provider.getTracer("wecom-agent-gateway");

  const start = (name: string, options: SpanOptions = {}): Span => {
    const { parent, links = [], kind, startedAtMs, attributes = {} } = options;
    const span = otel.startSpan(
      name,
      {
        ...(kind === undefined ? {} : { kind: KINDS[kind] }),
        ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
        links: links.flatMap(linkTo),
        attributes: known(attributes),
      },
      contextOf(parent),
    );
    return wrap(span);
  };
  return {
    tracer: { start },
    async close() {
      const patience = new AbortController();
      const late = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_MS);
        patience.signal.addEventListener("abort", () => clearTimeout(timer));
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      patience.abort();
    },
  };
}

function wrap(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
    set: (attributes) => void span.setAttributes(known(attributes)),
    end(failure) {
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
    },
  };
}

function contextOf(traceparent: string | undefined): Context {
  const parent = parse(traceparent);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

function linkTo(traceparent: string): Link[] {
  const context = parse(traceparent);
  return context === undefined ? [] : [{ context }];
}

function parse(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function known(attributes: SpanAttributes): Record<string, string | number | boolean> {
  const set: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) set[name] = value;
  return set;
}

function createComplaint(logger: Pick<Logger, "warn">): (error: unknown) => void {
  let silentUntilMs = 0;
  return (error) => {
    if (performance.now() < silentUntilMs) return;
    silentUntilMs = performance.now() + COMPLAIN_EVERY_MS;
    // Its message may hold what the collector answered.
    const kind = error instanceof Error ? error.name : typeof error;
    logger.warn({ kind }, "traces could not be exported; check OTEL_EXPORTER_OTLP_ENDPOINT");
  };
}
