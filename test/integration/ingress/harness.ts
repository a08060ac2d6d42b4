import { Writable } from "node:stream";
import type { InboundMessage } from "@gateway/conversation";
import { conversationId, createAcceptor, createKeys, parseInboundMessage } from "@gateway/conversation";
import { createGatekeeper } from "@gateway/conversation/access";
import type { AckTiming, AppSettings, Clock, Observation, ServerLimits } from "@gateway/ingress";
import { createIngress, systemClock } from "@gateway/ingress";
import { createLogger, createRedis } from "@gateway/service-kit";
import { generateCallbackKeys, sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import type { Redis } from "ioredis";

export const CALLBACK_PATH = "/wecom/callback";

export function createTestApp(overrides: Partial<AppSettings> = {}): AppSettings {
  return {
    name: "main",
    corpId: "ww1234567890abcdef",
    agentId: "1000002",
    keys: [generateCallbackKeys()],
    allowedUsers: [],
    allowAllUsers: true,
    adminUsers: [],
    pairing: false,
    denyNotice: false,
    ...overrides,
  };
}

export function keysOf(app: AppSettings) {
  const [keys] = app.keys;
  if (keys === undefined) throw new Error("the app has no keys");
  return keys;
}

export interface TestIngress {
  readonly port: number;
  readonly url: string;
  /** Every finished handshake and callback, oldest first. */
  readonly observations: readonly Observation[];
  logLines(): readonly string[];
  stop(): Promise<void>;
}

export interface TestIngressOptions {
  readonly apps: readonly AppSettings[];
  readonly redisUrl: string;
  readonly prefix: string;
  readonly maxSkewSeconds?: number;
  readonly timing?: AckTiming;
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: Clock;
}

/** An ingress replica in this process, built as main.ts builds it, on a free port. */
export async function startIngress(options: TestIngressOptions): Promise<TestIngress> {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const redis = createRedis(options.redisUrl, "producer");
  const acceptor = createAcceptor({ connection: redis, prefix: options.prefix });
  const gatekeeper = createGatekeeper({ connection: redis, prefix: options.prefix });
  const observations: Observation[] = [];
  const ingress = createIngress({
    apps: options.apps,
    callbackPath: CALLBACK_PATH,
    maxSkewSeconds: options.maxSkewSeconds ?? 600,
    acceptor,
    gatekeeper,
    ping: () => redis.ping(),
    logger: createLogger({ level: "info", service: "ingress", destination }),
    clock: options.clock ?? systemClock,
    onOutcome: (observation) => observations.push(observation),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const port = await ingress.listen(0, "127.0.0.1");
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    observations,
    logLines: () => lines,
    async stop() {
      await ingress.close();
      await acceptor.close();
      await gatekeeper.close();
      redis.disconnect();
    },
  };
}

export interface Push {
  readonly path: string;
  readonly body: string;
}

/** A pushed callback as WeCom sends it; pushing the same object again is WeCom's retry. */
export function createPush(app: AppSettings, message: string, seal: object = {}): Push {
  const { corpId, agentId } = app;
  const { query, body } = sealCallback({ keys: keysOf(app), corpId, agentId, message, ...seal });
  return { path: `${CALLBACK_PATH}?${new URLSearchParams(query)}`, body };
}

export function createTextPush(
  app: AppSettings,
  fields: { userId?: string; msgId: string; content?: string },
): Push {
  const { corpId, agentId } = app;
  return createPush(
    app,
    textMessageXml({ corpId, agentId, userId: "zhangsan", content: "hello", ...fields }),
  );
}

export function send(base: string, push: Push): Promise<Response> {
  return fetch(`${base}${push.path}`, { method: "POST", body: push.body });
}

/** What waits in a conversation's mailbox, oldest first. */
export async function readMailbox(
  redis: Redis,
  prefix: string,
  app: AppSettings,
  userId = "zhangsan",
): Promise<InboundMessage[]> {
  const { corpId, agentId } = app;
  const entries = await redis.lrange(
    createKeys(prefix).mailbox(conversationId({ corpId, agentId, userId })),
    0,
    -1,
  );
  return entries.map(parseInboundMessage);
}
