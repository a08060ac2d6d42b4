import type { Readable } from "node:stream";
import axios from "axios";
import type { Agents, Progress } from "./connection.ts";
import { createAgents, trackedTransport } from "./connection.ts";
import { parseBaseUrl, parseProxyUrl } from "./endpoint.ts";
import { WecomError } from "./errors.ts";
import { guardStream } from "./guarded-stream.ts";
import { readObject, watchBody } from "./transport-body.ts";
import type { Exchange } from "./transport-errors.ts";
import { connectionError, errnoOf, statusError } from "./transport-errors.ts";

export interface TransportRequest {
  /** The path below /cgi-bin, like "message/send"; also the name in errors. */
  readonly api: string;
  readonly query: Readonly<Record<string, string>>;
  /** Sent by POST; without it the request is a GET. */
  readonly body?: {
    readonly contentType: string;
    readonly content: Buffer | Readable;
    readonly sizeBytes: number;
  };
  /** Whether calling again is harmless when the outcome of the first call is unknown. */
  readonly repeatable: boolean;
  /** For the whole exchange; for `requestStream`, until the headers. Default: the transport's. */
  readonly timeoutMs?: number;
}

export interface StreamedResponse {
  header(name: string): string | undefined;
  /** Fails with a WecomError when the connection is lost or idle for the time limit. Read or destroy it. */
  readonly stream: Readable;
}

/** HTTP to WeCom. Every failure is a WecomError that was built here: no URL, header or body in it. */
export interface Transport {
  /** A JSON object, whatever its errcode. */
  requestJson(request: TransportRequest): Promise<Record<string, unknown>>;
  requestStream(request: TransportRequest): Promise<StreamedResponse>;
  close(): void;
}

export interface TransportOptions {
  readonly baseUrl: string;
  readonly proxyUrl: string | undefined;
  readonly timeoutMs: number;
  /** "corp/agent", for errors. */
  readonly app: string;
}

interface Opened {
  readonly exchange: Exchange;
  readonly header: (name: string) => string | undefined;
  readonly source: Readable;
  timedOut(): boolean;
  stopClock(): void;
}

export function createTransport(options: TransportOptions): Transport {
  const base = parseBaseUrl(options.baseUrl, options.app);
  const proxy = options.proxyUrl === undefined ? undefined : parseProxyUrl(options.proxyUrl, options.app);
  const agents = createAgents({
    ...(proxy === undefined ? {} : { proxyUrl: proxy }),
    connectTimeoutMs: options.timeoutMs,
  });
  const target = { base, proxyHost: proxy?.host, agents };

  return {
    async requestJson(request) {
      const opened = await open(target, options, request);
      try {
        return await readObject(opened.exchange, opened.source, opened.timedOut);
      } finally {
        opened.stopClock();
      }
    },
    async requestStream(request) {
      const opened = await open(target, options, request);
      opened.stopClock();
      const fail = (error: unknown) => connectionError(opened.exchange, errnoOf(error), false);
      const idle = () => connectionError(opened.exchange, "", true);
      const stream = guardStream(opened.source, { idleMs: options.timeoutMs, fail, idle });
      return { header: opened.header, stream };
    },
    close: () => agents.destroy(),
  };
}

interface Target {
  readonly base: URL;
  readonly proxyHost: string | undefined;
  readonly agents: Agents;
}

/** Sends the request and waits for the headers of a 2xx answer. */
async function open(target: Target, options: TransportOptions, request: TransportRequest): Promise<Opened> {
  const timeoutMs = request.timeoutMs ?? options.timeoutMs;
  const progress: Progress = { stage: "connecting" };
  const exchange: Exchange = {
    context: { api: request.api, app: options.app },
    progress,
    host: target.base.host,
    proxyHost: target.proxyHost,
    timeoutMs,
    repeatable: request.repeatable,
  };
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeoutMs);
  const bodyFailure = watchBody(request.body?.content, exchange);
  try {
    const response = await send(target, request, progress, clock.signal);
    const source: Readable = response.data;
    if (progress.proxyStatus !== undefined || response.status < 200 || response.status > 299) {
      source.on("error", () => {}).destroy();
      if (progress.proxyStatus !== undefined) throw connectionError(exchange, "", false);
      throw statusError(exchange, response.status);
    }
    return {
      exchange,
      header: (name) => headerText(response.headers[name]),
      source,
      timedOut: () => clock.signal.aborted,
      stopClock: () => clearTimeout(timer),
    };
  } catch (error) {
    clearTimeout(timer);
    if (request.body !== undefined && !Buffer.isBuffer(request.body.content)) request.body.content.destroy();
    if (error instanceof WecomError) throw error;
    throw bodyFailure() ?? connectionError(exchange, errnoOf(error), clock.signal.aborted);
  }
}

function send(target: Target, request: TransportRequest, progress: Progress, signal: AbortSignal) {
  const url = new URL(request.api, target.base);
  for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, value);
  const headers: Record<string, string> = {
    "accept-encoding": "identity",
    "user-agent": "wecom-agent-gateway",
  };
  if (request.body !== undefined) {
    headers["content-type"] = request.body.contentType;
    headers["content-length"] = String(request.body.sizeBytes);
  }
  return axios.request<Readable>({
    url: url.href,
    method: request.body === undefined ? "GET" : "POST",
    headers,
    ...(request.body === undefined ? {} : { data: request.body.content }),
    responseType: "stream",
    ...(request.repeatable ? target.agents.pooled : target.agents.fresh),
    transport: trackedTransport(url.protocol === "https:", progress),
    signal,
    // Environment variables must not choose the proxy, and nothing may rewrite bodies or follow redirects.
    proxy: false,
    maxRedirects: 0,
    maxBodyLength: -1,
    maxContentLength: -1,
    decompress: false,
    transformRequest: [],
    transformResponse: [],
    validateStatus: () => true,
  });
}

function headerText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
