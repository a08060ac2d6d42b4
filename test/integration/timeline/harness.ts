import type { InboundMessage, Timelines } from "@gateway/conversation";
import { createAcceptor, createKeys, createTimelines, inboundMessageId } from "@gateway/conversation";
import { createLogger, createRedis, loadGatewayConfig } from "@gateway/service-kit";
import type { Emulator, EmulatorApp } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import { createConfiguredApps, startWorker } from "@gateway/worker";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { createTestApp } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";

const APP = "helpdesk";

/** A worker with the demo agent, and the emulator as WeCom, in this process. */
export interface TestGateway {
  readonly redis: TestRedis;
  readonly emulator: Emulator;
  readonly app: EmulatorApp;
  readonly timelines: Timelines;
  /** The settings it runs with. */
  readonly env: Readonly<Record<string, string>>;
  /** Accepts a text as ingress does. Returns the message's id. */
  say(userId: string, text: string): Promise<string>;
  logs(): string;
  stop(): Promise<void>;
}

export async function startGateway(
  options: { env?: Readonly<Record<string, string>> } = {},
): Promise<TestGateway> {
  const app = createTestApp(APP);
  const [redis, emulator] = [await startRedis(), createEmulator({ apps: [app] })];
  const { url } = await emulator.listen();
  const env = { ...settings(app, url, redis), ...options.env };
  let logs = "";
  const write = (line: string) => {
    logs += line;
  };
  const worker = await startTestWorker(env, write);
  const connection = createRedis(redis.url, "producer");
  await waitUntil("Redis is connected", () => connection.status === "ready");
  const acceptor = createAcceptor({ connection, prefix: redis.prefix });
  const timelines = createTimelines({ redis: redis.client(), keys: createKeys(redis.prefix), now: Date.now });
  let texts = 0;
  return {
    redis,
    emulator,
    app,
    timelines,
    env,
    async say(userId, text) {
      texts += 1;
      const message = inbound(app, userId, text, String(texts));
      await acceptor.accept(message);
      return message.id;
    },
    logs: () => logs,
    async stop() {
      await worker.stop();
      await acceptor.close();
      connection.disconnect();
      await emulator.close();
      await redis.stop();
    },
  };
}

/** Waits until the message's timeline has an event of the type, and gives the types of all. */
export async function eventsUntil(gateway: TestGateway, id: string, type: string) {
  return waitUntil(
    `${id} has ${type}`,
    async () => {
      const { events } = await gateway.timelines.read(id);
      return events.some((event) => event.type === type) && events;
    },
    { describe: async () => JSON.stringify(await gateway.timelines.read(id)) + gateway.logs() },
  );
}

async function startTestWorker(env: Readonly<Record<string, string>>, write: (line: string) => void) {
  const config = loadGatewayConfig(env);
  const logger = createLogger({ level: "info", service: "worker", destination: { write } });
  const [redis, subscriber] = [
    createRedis(config.redis.url, "worker"),
    createRedis(config.redis.url, "worker"),
  ];
  const worker = await startWorker({
    redis,
    subscriber,
    prefix: config.redis.prefix,
    apps: createConfiguredApps(config, { redis, logger, env }),
    logger,
    mask: (text: string) => text,
    now: Date.now,
    concurrency: 10,
    drainMs: 100,
    deadAfterMs: 10_000,
    turns: config.worker,
  });
  return {
    async stop() {
      await worker.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

function settings(app: EmulatorApp, apiBaseUrl: string, redis: TestRedis) {
  const extra = {
    ...{ name: app.name, corp_id: app.corpId, agent_id: app.agentId, corp_secret: app.corpSecret },
    ...{ token: app.token, encoding_aes_key: app.encodingAesKey },
  };
  return {
    WECOM_CALLBACK_CORP_ID: extra.corp_id,
    WECOM_CALLBACK_AGENT_ID: extra.agent_id,
    WECOM_CALLBACK_CORP_SECRET: extra.corp_secret,
    WECOM_CALLBACK_TOKEN: extra.token,
    WECOM_CALLBACK_ENCODING_AES_KEY: extra.encoding_aes_key,
    WECOM_CALLBACK_ALLOW_ALL_USERS: "true",
    WECOM_API_BASE_URL: apiBaseUrl,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    TURN_QUIET_MS: "0",
  };
}

function inbound(app: EmulatorApp, userId: string, content: string, msgId: string): InboundMessage {
  const { corpId, agentId } = app;
  const place = {
    toUserName: corpId,
    fromUserName: userId,
    agentId,
    createTime: Math.floor(Date.now() / 1000),
  };
  const message = { kind: "text" as const, content, msgId, ...place };
  const id = inboundMessageId({ corpId, agentId, message, plaintext: Buffer.from("") });
  return { v: 1, id, appName: "default", corpId, agentId, userId, receivedAtMs: Date.now(), message };
}
