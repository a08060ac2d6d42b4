import type { ClientRequest } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface HttpRequestInput {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly body?: string;
  /** From the start of the connection to the end of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type HttpOutcome =
  | {
      readonly outcome: "answered";
      readonly status: number;
      readonly body: string;
      readonly latencyMs: number;
    }
  | { readonly outcome: "timeout"; readonly latencyMs: number }
  | { readonly outcome: "connection_failed"; readonly error: string; readonly latencyMs: number };

/** An answer to a callback is short; what is beyond this is read and forgotten. */
const KEPT_ANSWER_BYTES = 4096;

function errorCode(error: Error & { code?: unknown }): string {
  return typeof error.code === "string" ? error.code : error.message;
}

function open(input: HttpRequestInput): ClientRequest {
  const send = input.url.protocol === "https:" ? httpsRequest : httpRequest;
  // A connection of its own for each push, as from WeCom's many machines: a stale one would look like a failure.
  return send(input.url, {
    method: input.method,
    agent: false,
    headers: { Connection: "close", ...(input.body === undefined ? {} : { "Content-Type": "text/xml" }) },
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
}

/** One HTTP request to a callback URL. Never rejects: whatever happens is an outcome. */
export function requestOnce(input: HttpRequestInput): Promise<HttpOutcome> {
  const startedMs = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedMs);
  return new Promise((resolve) => {
    const request = open(input);
    const timer = setTimeout(() => {
      resolve({ outcome: "timeout", latencyMs: latencyMs() });
      request.destroy();
    }, input.timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      resolve({ outcome: "connection_failed", error: errorCode(error), latencyMs: latencyMs() });
    };
    request.on("error", fail);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let kept = 0;
      response.on("data", (chunk: Buffer) => {
        if (kept < KEPT_ANSWER_BYTES) chunks.push(chunk.subarray(0, KEPT_ANSWER_BYTES - kept));
        kept += chunk.length;
      });
      response.on("error", fail);
      response.on("end", () => {
        clearTimeout(timer);
        const body = Buffer.concat(chunks).toString("utf8");
        resolve({ outcome: "answered", status: response.statusCode ?? 0, body, latencyMs: latencyMs() });
      });
    });
    request.end(input.body);
  });
}
