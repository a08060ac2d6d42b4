import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallbackMessage } from "@gateway/wecom-client/callback";
import { openEncrypted, parseEnvelope, parseMessage, prepareKeys } from "@gateway/wecom-client/callback";
import { generateCallbackKeys } from "@gateway/wecom-client/testing";
import type { Clock, Emulator, EmulatorApp, EmulatorOptions } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";

export const APP: EmulatorApp = {
  name: "helper",
  corpId: "ww0000000000000001",
  agentId: "1000002",
  corpSecret: "secret-of-helper",
  callbackUrl: "http://127.0.0.1:9/unused",
  ...generateCallbackKeys(),
};

/** Same corp, another app. */
export const SIBLING: EmulatorApp = {
  ...APP,
  name: "sibling",
  agentId: "1000003",
  corpSecret: "secret-of-sibling",
  ...generateCallbackKeys(),
};

/** Another corp with the same agent id. */
export const STRANGER: EmulatorApp = {
  ...APP,
  name: "stranger",
  corpId: "ww0000000000000002",
  corpSecret: "secret-of-stranger",
  ...generateCallbackKeys(),
};

/** Stands still until it is told otherwise, so that limits do not depend on the machine. */
function stoppedClock(): Clock {
  const startMs = Date.now();
  return { nowMs: () => startMs };
}

export interface Answer extends Record<string, unknown> {
  readonly errcode?: number;
  readonly errmsg?: string;
}

export interface Running {
  readonly emulator: Emulator;
  readonly url: string;
  token(app?: EmulatorApp): Promise<string>;
  get(path: string, query?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, query?: Record<string, string>): Promise<Answer>;
  /** `message/send` of a text from the helper app; the overrides go into the request. */
  send(content: string, overrides?: Record<string, unknown>): Promise<Answer>;
  control(
    path: string,
    init?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
}

export async function startEmulator(options: Partial<EmulatorOptions> = {}): Promise<Running> {
  const emulator = createEmulator({ apps: [APP, SIBLING, STRANGER], clock: stoppedClock(), ...options });
  const { url } = await emulator.listen();
  const at = (path: string, query: Record<string, string>) =>
    `${url}/cgi-bin/${path}?${new URLSearchParams(query).toString()}`;
  const get: Running["get"] = async (path, query = {}) =>
    (await fetch(at(path, query))).json() as Promise<Answer>;
  const post: Running["post"] = async (path, body, query = {}) => {
    const bytes = typeof body === "string" ? body : JSON.stringify(body);
    return (await fetch(at(path, query), { method: "POST", body: bytes })).json() as Promise<Answer>;
  };
  const token: Running["token"] = async (app = APP) =>
    String((await get("gettoken", { corpid: app.corpId, corpsecret: app.corpSecret })).access_token);
  const send: Running["send"] = async (content, overrides = {}) => {
    const request = { touser: "zhangsan", msgtype: "text", agentid: Number(APP.agentId), text: { content } };
    return post("message/send", { ...request, ...overrides }, { access_token: await token() });
  };
  const control: Running["control"] = (path, { method = "GET", body, headers = {} } = {}) =>
    fetch(`${url}/_emulator/${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { emulator, url, token, get, post, send, control };
}

export interface Received {
  readonly query: URLSearchParams;
  readonly message: CallbackMessage;
  readonly envelope: string;
}

/** How a receiver answers a push; `hang` never does. */
export type Behaviour = { status: number; body?: string } | "hang" | "reset";

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** A callback URL that opens what it gets with the product's own code. */
export async function startReceiver(
  app: EmulatorApp,
  behave: (attempt: number) => Behaviour = () => ({ status: 200, body: "success" }),
): Promise<Receiver> {
  const received: Received[] = [];
  const keys = [prepareKeys({ token: app.token, encodingAesKey: app.encodingAesKey })];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const query = new URL(request.url ?? "", "http://localhost").searchParams;
    const body = Buffer.concat(chunks);
    const { plaintext } = openEncrypted(keys, {
      msgSignature: query.get("msg_signature") ?? "",
      timestamp: query.get("timestamp") ?? "",
      nonce: query.get("nonce") ?? "",
      encrypted: request.method === "GET" ? (query.get("echostr") ?? "") : parseEnvelope(body).encrypted,
      receiveId: app.corpId,
    });
    if (request.method === "GET") {
      const result = behave(1);
      if (typeof result === "object") response.writeHead(result.status).end(result.body ?? plaintext);
      return;
    }
    received.push({ query, message: parseMessage(plaintext), envelope: body.toString("utf8") });
    const behaviour = behave(received.length);
    if (behaviour === "reset") request.socket.resetAndDestroy();
    if (typeof behaviour === "object") response.writeHead(behaviour.status).end(behaviour.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb`,
    received,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
