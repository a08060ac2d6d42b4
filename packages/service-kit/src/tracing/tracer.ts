export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Span {
  /** For what happens later or in another process: W3C trace context. */
  readonly traceparent: string;
  /** Names, ids, codes and figures. Never content, never secrets. */
  set(attributes: SpanAttributes): void;
  /** `failure`: a code, when it did not go well. */
  end(failure?: string): void;
}

export interface SpanOptions {
  /** The traceparent of the span that this one belongs to; without it, or with one that is none, a trace begins. */
  readonly parent?: string | undefined;
  /** Others that it has to do with. */
  readonly links?: readonly string[];
  readonly kind?: "server" | "client" | "consumer";
  /** Default now. */
  readonly startedAtMs?: number;
  readonly attributes?: SpanAttributes;
}

/** Spans are handed on by hand: what belongs together is often hours and processes apart. */
export interface Tracer {
  start(name: string, options?: SpanOptions): Span;
}
