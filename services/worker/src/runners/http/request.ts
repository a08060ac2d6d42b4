import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { SIGNATURE_HEADER, signAgentBody, TIMESTAMP_HEADER } from "@gateway/conversation";
import { AgentFault } from "./agent-fault.ts";

export interface Place {
  readonly url: string;
  readonly apiKey?: string;
}

export interface AgentRequest {
  readonly method: "POST" | "OPTIONS";
  /** JSON. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Nothing has reached the agent. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Sends it and resolves with the headers of the answer, however long they take: an answer may be an hour's work.
 * Redirects are not followed, connections not kept. Read the answer to its end, or destroy it.
 * @throws AgentFault, and whatever the signal was aborted with.
 */
export async function requestAgent(place: Place, options: AgentRequest): Promise<IncomingMessage> {
  const { signal } = options;
  signal.throwIfAborted();
  return responseTo(sendRequest(place, options), signal);
}

function sendRequest(place: Place, options: AgentRequest): ClientRequest {
  const { method, body, headers, signal } = options;
  const send = place.url.startsWith("https:") ? requestHttps : requestHttp;
  const request = send(place.url, {
    method,
    agent: false,
    signal,
    headers: { accept: "application/json, text/event-stream", ...headers, ...signedHeaders(place, body) },
  });
  // Also after the answer has begun: a connection that breaks then is seen by whoever reads the answer.
  request.on("error", () => undefined);
  request.end(body);
  return request;
}

async function responseTo(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFault(error);
  }
}

function signedHeaders({ apiKey }: Place, body: string | undefined): Record<string, string> {
  const content: Record<string, string> =
    body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  if (apiKey === undefined) return content;
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    ...content,
    authorization: `Bearer ${apiKey}`,
    [TIMESTAMP_HEADER]: timestamp,
    [SIGNATURE_HEADER]: signAgentBody(apiKey, timestamp, body ?? ""),
  };
}

function connectionFault(error: unknown): AgentFault {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (NEVER_SENT.has(code))
    return new AgentFault("provider", `The agent cannot be reached (${code}). Is it running at AGENT_URL?`, {
      retryable: true,
    });
  if (/CERT|SSL|TLS|ERR_INVALID|EPROTO/.test(code))
    return new AgentFault("config", `The agent's address cannot be used (${code}); check url.`);
  return new AgentFault("crash", `The connection to the agent broke before it answered ${code}`.trimEnd());
}
