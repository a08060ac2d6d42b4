import type { ConsoleDeps, ConsoleServer } from "@gateway/console";
import { createChatClients, createConsoleApp, listenConsole } from "@gateway/console";
import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import { createLogger, createRedis } from "@gateway/service-kit";
import type { Queue } from "bullmq";

export const USER = "operator";
export const PASSWORD = "correct horse battery staple";

export interface TestConsole {
  readonly url: string;
  readonly queues: readonly Queue[];
  queue(name: string): Queue;
  /** Everything it logged. */
  logs(): string;
  stop(): Promise<void>;
}

/** The console as its main file puts it together, on a free port. */
export async function startConsole(options: {
  redisUrl: string;
  prefix: string;
  password?: string;
  now?: () => number;
  showContent?: boolean;
  apiToken?: string;
  trustedProxies?: readonly string[];
  apps?: ConsoleDeps["apps"];
  /** With their secrets, where it has to speak to WeCom. */
  fullApps?: () => readonly AppConfig[];
}): Promise<TestConsole> {
  let logs = "";
  const logger = createLogger({
    level: "info",
    service: "console",
    destination: {
      write: (line) => {
        logs += line;
      },
    },
  });
  const { prefix, now = Date.now } = options;
  const redis = createRedis(options.redisUrl, "producer");
  const queues = Object.values(QUEUE_NAMES).map((name) => {
    const queue = createQueue(name, { connection: redis, prefix });
    queue.on("error", () => undefined);
    return queue;
  });
  const operator = { user: USER, password: options.password ?? PASSWORD, isGenerated: false };
  const app = await createConsoleApp({
    ...{ queues, redis, prefix, operator, logger, now },
    showContent: options.showContent ?? false,
    apiToken: options.apiToken,
    trustedProxies: options.trustedProxies ?? [],
    apps: options.apps ?? (() => []),
    chatClient: createChatClients({ apps: options.fullApps ?? (() => []), redis, prefix, logger }),
  });
  const server: ConsoleServer = await listenConsole(app, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    queues,
    queue(name) {
      const queue = queues.find((candidate) => candidate.name === name);
      if (queue === undefined) throw new Error(`no queue ${name}`);
      return queue;
    },
    logs: () => logs,
    async stop() {
      await server.close(AbortSignal.abort());
      await Promise.all(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly cookie?: string | undefined;
  /** Default: the console's own, as a browser sends it. `null` sends none. */
  readonly origin?: string | null;
  /** Default: the session's own, as Bull Board's client sends it. `null` sends none. */
  readonly csrf?: string | null;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, redirects not followed. */
export async function request(base: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = "GET", cookie, origin = base, form, json } = options;
  const headers = new Headers(options.headers);
  const token = /XSRF-TOKEN=([\w-]+)/.exec(cookie ?? "")?.[1];
  if (method !== "GET" && token !== undefined && options.csrf !== null)
    headers.set("x-xsrf-token", options.csrf ?? token);
  if (cookie !== undefined) headers.set("cookie", cookie);
  if (method !== "GET" && origin !== null) headers.set("origin", origin);
  if (json !== undefined) headers.set("content-type", "application/json");
  const body = form === undefined ? JSON.stringify(json) : new URLSearchParams(form);
  const response = await fetch(base + path, {
    ...{ method, headers, redirect: "manual" },
    ...(method === "GET" ? {} : { body: body ?? null }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export function signIn(base: string, input: { user?: string; password?: string; next?: string } = {}) {
  return postLogin(base, { user: USER, password: PASSWORD, ...input });
}

/** Opens the sign-in page and sends its form, with these fields beside its own. */
export async function postLogin(
  base: string,
  fields: Readonly<Record<string, string>>,
  options: RequestOptions = {},
): Promise<Answer> {
  const page = await request(base, "/login");
  const visit = page.headers.getSetCookie().find((candidate) => candidate.startsWith("wgw_visit="));
  const cookie = [options.cookie, visit?.split(";", 1)[0]].filter((part) => part !== undefined).join("; ");
  const form = { ...fields, _csrf: tokenIn(page) };
  return request(base, "/login", { ...options, method: "POST", cookie, form });
}

/** The token that the first form of a page would send. */
export function tokenIn(page: Answer): string {
  return /name="_csrf" value="([\w-]+)"/.exec(page.text)?.[1] ?? "";
}

/** Signs in and returns the Cookie header of the session. */
export async function openSession(base: string, input: { password?: string } = {}): Promise<string> {
  return cookieOf(await signIn(base, input));
}

/** What a browser sends back after signing in. */
export function cookieOf(answer: Answer): string {
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0] ?? "");
  if (!cookies.some((cookie) => /^wgw_console=./.test(cookie)))
    throw new Error(`no session cookie in a ${answer.status} answer`);
  return cookies.join("; ");
}
