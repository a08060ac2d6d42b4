import { loadGatewayConfig } from "@gateway/service-kit";
import type { TestConsole } from "../console/harness.ts";
import { startConsole } from "../console/harness.ts";
import type { TestGateway } from "../timeline/harness.ts";
import { startGateway } from "../timeline/harness.ts";

export const TOKEN = "a-token-that-is-long-enough-to-be-one";

export interface TestApi {
  readonly gateway: TestGateway;
  readonly console: TestConsole;
  readonly url: string;
  call(method: string, path: string, options?: CallOptions): Promise<ApiAnswer>;
  /** POST /messages with a key of its own. */
  send(body: unknown, key?: string): Promise<ApiAnswer>;
  /** What the user has on the screen. */
  seen(user: string): string[];
  stop(): Promise<void>;
}

interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at field by field
  readonly json: any;
}

/** The API over real HTTP, with a worker and the emulator behind it. */
export async function startApi(): Promise<TestApi> {
  const gateway = await startGateway();
  const { apps } = loadGatewayConfig(gateway.env);
  const console = await startConsole({
    ...{ redisUrl: gateway.redis.url, prefix: gateway.redis.prefix },
    apiToken: TOKEN,
    apps: () => apps,
    fullApps: () => apps,
  });
  const url = `${console.url}/api/v1`;
  let keys = 0;
  const call: TestApi["call"] = async (method, path, options = {}) => {
    const headers = new Headers(options.headers);
    const token = "token" in options ? options.token : TOKEN;
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    if (options.body !== undefined) headers.set("content-type", "application/json");
    const response = await fetch(url + path, {
      method,
      headers,
      body: options.body ?? null,
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, json: await response.json() };
  };
  return {
    gateway,
    console,
    url,
    call,
    send(body, key) {
      keys += 1;
      const headers = { "idempotency-key": key ?? `key-${keys}` };
      return call("POST", "/messages", { body: JSON.stringify(body), headers });
    },
    seen: (user) =>
      gateway.emulator
        .seen({ app: gateway.app.name, user })
        .map(({ content }) => (content.kind === "text" ? content.text : content.kind)),
    async stop() {
      await console.stop();
      await gateway.stop();
    },
  };
}

export function text(content: string) {
  return { msgtype: "text", text: { content } };
}
