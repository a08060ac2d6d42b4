import { Agent, fetch as undiciFetch } from "undici";

/** More than any answer streams; what is beyond is no answer. */
const RESPONSE_LIMIT_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;

/** What the endpoint did, that no status says. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
  readonly why: "silent" | "flood" | "broken_off" | "no_stream";
  constructor(why: EndpointError["why"], message: string) {
    super(message);
    this.why = why;
  }
}

export interface GuardedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Ends the requests that are under way. */
  close(): Promise<void>;
}

/**
 * A fetch that notices silence in seconds: before the answer's header, before its first byte and between two. Node's
 * own gives up after 300 s for reasons of its own, which is both too late and, for a long answer, too early. Follows
 * no redirect: a key belongs to its address.
 */
export function createGuardedFetch({ stallMs }: { readonly stallMs: number }): GuardedFetch {
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
  return {
    async fetch(input, init) {
      const watch = watchSilence(stallMs, init?.signal ?? undefined);
      const response = await watch.within(
        undiciFetch(String(input), {
          method: init?.method ?? "GET",
          headers: Object.fromEntries(new Headers(init?.headers)),
          ...(typeof init?.body === "string" ? { body: init.body } : {}),
          redirect: "error",
          signal: watch.signal,
          dispatcher,
        }),
      );
      if (response.ok && init?.method === "POST") refuseOtherThanStream(response.headers.get("content-type"));
      const headers = [...response.headers].map(([name, value]): [string, string] => [name, value]);
      const body = response.body === null ? null : watchedBody(response.body.getReader(), watch);
      return new Response(body, { status: response.status, headers });
    },
    close: () => dispatcher.destroy(),
  };
}

/** A web page with a status of 200 is what a wrong address mostly answers. */
function refuseOtherThanStream(contentType: string | null): void {
  const type = /^[\w/+.-]{1,60}/.exec(contentType ?? "")?.[0] ?? "";
  if (!/html|json|xml/.test(type)) return;
  throw new EndpointError(
    "no_stream",
    `The model's endpoint answered ${type} instead of an event stream. Is the URL right? Mostly it ends in /v1.`,
  );
}

interface Silence {
  readonly signal: AbortSignal;
  /** Waits for what ends the silence; rejects and gives the request up when it lasts too long. */
  within<Value>(step: Promise<Value>): Promise<Value>;
  give(reason: Error): void;
}

function watchSilence(stallMs: number, outer: AbortSignal | undefined): Silence {
  const own = new AbortController();
  const signal = outer === undefined ? own.signal : AbortSignal.any([outer, own.signal]);
  return {
    signal,
    give: (reason) => own.abort(reason),
    async within(step) {
      const silent = () =>
        own.abort(new EndpointError("silent", `The model's endpoint was silent for ${stallMs / 1000} s.`));
      const timer = setTimeout(silent, stallMs);
      try {
        return await step;
      } catch (error) {
        throw own.signal.aborted ? own.signal.reason : error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

interface Reader {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(reason?: unknown): Promise<unknown>;
}

function watchedBody(reader: Reader, watch: Silence): ReadableStream<Uint8Array> {
  let sizeBytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await watch.within(reader.read()).catch((error: unknown) => {
        if (error instanceof EndpointError || watch.signal.aborted) throw error;
        throw new EndpointError("broken_off", "The model's endpoint broke its stream off.");
      });
      if (done || !(value instanceof Uint8Array)) return controller.close();
      sizeBytes += value.byteLength;
      if (sizeBytes > RESPONSE_LIMIT_BYTES) {
        const flood = new EndpointError("flood", `More than ${RESPONSE_LIMIT_BYTES} bytes in one answer.`);
        watch.give(flood);
        throw flood;
      }
      controller.enqueue(value);
    },
    async cancel(reason) {
      await reader.cancel(reason).catch(() => undefined);
    },
  });
}
