import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";

/** How far a request got: the difference between "certainly not sent" and "nobody knows". */
export interface Progress {
  stage: "connecting" | "connected";
  /** The answer of the proxy when it opened no tunnel. */
  proxyStatus?: number;
}

export interface Agents {
  /** Keeps connections for the next request. */
  readonly pooled: AgentPair;
  /**
   * A new connection for each request. A kept one may be closed by the server just as the request is written,
   * and then nobody knows whether it arrived: no matter for what can be repeated, but for a message it is.
   */
  readonly fresh: AgentPair;
  destroy(): void;
}

/** What axios takes, one for each scheme. */
export interface AgentPair {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: http.Agent;
}

/** Shorter than the keep-alive of any usual server, so that a reused socket is rarely one just being closed. */
const IDLE_SOCKET_MS = 4_000;

export function createAgents(input: { readonly proxyUrl?: URL; readonly connectTimeoutMs: number }): Agents {
  const pair = (options: http.AgentOptions): AgentPair => {
    if (input.proxyUrl === undefined) {
      return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
    }
    const agent = new BoundedProxyAgent(input.proxyUrl, input.connectTimeoutMs, options);
    return { httpAgent: agent, httpsAgent: agent };
  };
  const pooled = pair({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  const fresh = pair({ keepAlive: false });
  return {
    pooled,
    fresh,
    destroy() {
      for (const { httpAgent, httpsAgent } of [pooled, fresh]) {
        httpAgent.destroy();
        httpsAgent.destroy();
      }
    },
  };
}

/** A proxy that takes the connection and then says nothing would otherwise hold the socket for good. */
class BoundedProxyAgent extends HttpsProxyAgent<string> {
  readonly #connectTimeoutMs: number;

  constructor(proxyUrl: URL, connectTimeoutMs: number, options: http.AgentOptions) {
    super(proxyUrl, options);
    // The parent forgets the options a pool needs.
    this.options.timeout = options.timeout;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  override async connect(
    ...[request, options]: Parameters<HttpsProxyAgent<string>["connect"]>
  ): Promise<Socket> {
    const gate = new AbortController();
    const timer = setTimeout(() => gate.abort(), this.#connectTimeoutMs);
    try {
      const connector = new HttpsProxyAgent(this.proxy, { signal: gate.signal, keepAlive: this.keepAlive });
      return await connector.connect(request, options);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What axios takes as `transport`: plain http(s), with no redirects, that notes how far the request got. */
export function trackedTransport(secure: boolean, progress: Progress) {
  return {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
      const request = (secure ? https : http).request(options, onResponse);
      request.once("proxyConnect", (answer: { statusCode: number }) => {
        if (answer.statusCode !== 200) progress.proxyStatus = answer.statusCode;
      });
      request.once("socket", (socket) => {
        const connected = () => {
          progress.stage = "connected";
        };
        // Over TLS nothing leaves before the handshake is done and the certificate accepted.
        if (request.reusedSocket || (!secure && !socket.connecting)) connected();
        else socket.once(secure ? "secureConnect" : "connect", connected);
      });
      return request;
    },
  };
}
