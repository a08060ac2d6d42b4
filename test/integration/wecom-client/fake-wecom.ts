import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { TlsOptions } from "node:tls";

export interface ReceivedRequest {
  /** The path below /cgi-bin. */
  readonly api: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

type Handler = (request: ReceivedRequest, response: ServerResponse) => unknown;

/** An HTTP server that answers as told; what a handler returns is sent as JSON with status 200. */
export interface FakeWecom {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  calls(api: string): ReceivedRequest[];
  on(api: string, handler: Handler): void;
  stop(): Promise<void>;
}

/** Out of the box, gettoken gives "token-1", "token-2", … for 7200 s. */
export async function startFakeWecom(tls?: TlsOptions): Promise<FakeWecom> {
  const requests: ReceivedRequest[] = [];
  const handlers = new Map<string, Handler>();
  let tokens = 0;
  handlers.set("gettoken", () => {
    tokens += 1;
    return { errcode: 0, errmsg: "ok", access_token: `token-${tokens}`, expires_in: 7200 };
  });

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? "/", "http://fake");
    const body = await buffer(incoming);
    const api = url.pathname.replace("/cgi-bin/", "");
    const request = { api, query: url.searchParams, headers: incoming.headers, body };
    requests.push(request);
    const answer = await handlers.get(api)?.(request, response);
    if (answer !== undefined) {
      response.setHeader("content-type", "application/json; charset=UTF-8");
      response.end(JSON.stringify(answer));
    }
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    serve(incoming, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests,
    calls: (api) => requests.filter((request) => request.api === api),
    on: (api, handler) => handlers.set(api, handler),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
