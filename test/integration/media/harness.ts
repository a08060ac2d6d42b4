import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadJob, InboundMessage } from "@gateway/conversation";
import {
  conversationId,
  createAcceptor,
  createKeys,
  createQueue,
  deadJobSchema,
  QUEUE_NAMES,
} from "@gateway/conversation";
import type { GatewayConfig } from "@gateway/service-kit";
import { createLogger, createRedis, loadGatewayConfig } from "@gateway/service-kit";
import { createWecomClient } from "@gateway/wecom-client";
import type { Emulator, SentMessage } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import type { WorkerApp } from "@gateway/worker";
import { createConfiguredApps, startWorker } from "@gateway/worker";
import type { Redis } from "ioredis";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { createTestApp } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Hung calls end after this, instead of ten seconds. */
const CALL_TIMEOUT_MS = 500;
const WAIT = { timeoutMs: 45_000 };

export type Run = WorkerApp["runner"]["run"];

export interface MediaGateway {
  readonly emulator: Emulator;
  readonly corpId: string;
  /** The only directory of which the agent may send files. */
  readonly out: string;
  /** The worker's own. */
  readonly mediaDir: string;
  /** What the agent does from now on. */
  agent(run: Run): void;
  /** Hands a message to the worker, as ingress does. */
  accept(user: string, message: Said): Promise<void>;
  /** What the person sees, once there are so many messages. */
  untilShown(user: string, count: number): Promise<readonly SentMessage[]>;
  screen(user: string): readonly SentMessage[];
  /** Nothing of the person's is left to be sent. */
  untilSettled(user: string): Promise<void>;
  untilDead(user: string): Promise<DeadJob>;
  contentOf(message: SentMessage | undefined): ReturnType<Emulator["media"]>;
  log(): string;
  stop(): Promise<void>;
}

export type Said =
  | { readonly kind: "text"; readonly content: string }
  | { readonly kind: "image"; readonly mediaId: string; readonly picUrl: string }
  | { readonly kind: "voice"; readonly mediaId: string; readonly format: string }
  | { readonly kind: "video"; readonly mediaId: string }
  | { readonly kind: "file"; readonly mediaId?: string; readonly title?: string };

/** A worker as its main file builds it, with an agent of the test's, between a real Redis and the emulator. */
export async function startMediaGateway(env: Readonly<Record<string, string>> = {}): Promise<MediaGateway> {
  const redis = await startRedis();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "gateway-media-")));
  const [out, mediaDir] = [join(folder, "out"), join(folder, "media")];
  await mkdir(out);
  const identity = createTestApp("main");
  const emulator = createEmulator({ apps: [identity] });
  const { url } = await emulator.listen();
  const config = loadGatewayConfig({
    WECOM_CALLBACK_CORP_ID: identity.corpId,
    WECOM_CALLBACK_AGENT_ID: identity.agentId,
    WECOM_CALLBACK_CORP_SECRET: identity.corpSecret,
    WECOM_CALLBACK_TOKEN: identity.token,
    WECOM_CALLBACK_ENCODING_AES_KEY: identity.encodingAesKey,
    WECOM_CALLBACK_ALLOW_ALL_USERS: "true",
    WECOM_CALLBACK_LANGUAGE: "en",
    WECOM_API_BASE_URL: url,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    TURN_QUIET_MS: "0",
    AGENT_MEDIA_DIRS: out,
    GATEWAY_MEDIA_DIR: mediaDir,
    ...env,
  });
  const log: string[] = [];
  let run: Run = async () => ({ status: "done", text: "?" });
  const worker = await startOne(config, log, (turn, io) => run(turn, io));
  const mailroom = await openMailroom(redis, identity.corpId);
  const screen = (user: string) => emulator.seen({ app: "main", user });
  const describe = () => log.slice(-40).join("");

  return {
    emulator,
    out,
    mediaDir,
    corpId: identity.corpId,
    screen,
    agent: (next) => {
      run = next;
    },
    accept: mailroom.accept,
    untilShown: (user, count) =>
      waitUntil(
        `${user} sees ${count} messages`,
        () => (screen(user).length >= count ? screen(user) : undefined),
        { ...WAIT, describe },
      ),
    untilSettled: (user) =>
      waitUntil("nothing is left to send", () => mailroom.isEmpty(user), { ...WAIT, describe }).then(
        () => undefined,
      ),
    untilDead: (user) => waitUntil("a dead letter", () => mailroom.deadLetter(user), { ...WAIT, describe }),
    contentOf(message) {
      const content = message?.content;
      return content !== undefined && "media" in content ? emulator.media(content.media.mediaId) : undefined;
    },
    log: () => log.join(""),
    async stop() {
      await worker.stop();
      await mailroom.close();
      await emulator.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a person sees of a message, in one word and a name or a text. */
export function glance({ content }: SentMessage): string {
  if (content.kind === "text" || content.kind === "markdown") return content.text;
  return "media" in content ? `${content.kind} ${content.media.filename}` : content.kind;
}

async function startOne(config: GatewayConfig, log: string[], run: Run) {
  const { url, prefix } = config.redis;
  const [redis, subscriber] = [createRedis(url, "worker"), createRedis(url, "worker")];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ level: "info", service: "worker", destination });
  const configured = createConfiguredApps(config, { redis, logger, env: {} });
  const [app] = configured.all;
  if (app === undefined) throw new Error("no app is configured");
  const own = adapt(app, config, redis, run);
  const worker = await startWorker({
    redis,
    subscriber,
    prefix,
    apps: { find: () => own, all: [own] },
    logger,
    mask: (text: string) => text,
    now: Date.now,
    concurrency: 20,
    drainMs: 500,
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

function adapt(app: WorkerApp, config: GatewayConfig, redis: Redis, run: Run): WorkerApp {
  const [settings] = config.apps;
  if (settings === undefined) return app;
  const { corpId, agentId, corpSecret, apiBaseUrl: baseUrl } = settings;
  const client = createWecomClient({
    ...{ corpId, agentId, corpSecret, baseUrl, redis },
    timeoutMs: CALL_TIMEOUT_MS,
    prefix: config.redis.prefix,
  });
  const shutdown = async () => undefined;
  return { ...app, client, runner: { kind: "test", probe: async () => ({ ok: true }), run, shutdown } };
}

/** Both ends of the gateway's Redis: messages in, dead letters out. */
async function openMailroom(redis: TestRedis, corpId: string) {
  const producer = createRedis(redis.url, "producer");
  const acceptor = createAcceptor({ connection: producer, prefix: redis.prefix });
  await waitUntil("Redis is connected", () => producer.status === "ready");
  const reader = redis.client();
  const dead = createQueue(QUEUE_NAMES.dead, { connection: reader, prefix: redis.prefix });
  const conversationOf = (userId: string) => conversationId({ corpId, agentId: "1000002", userId });
  let said = 0;
  return {
    async accept(userId: string, message: Said) {
      const msgId = String(++said);
      const common = { toUserName: corpId, fromUserName: userId, createTime: 0, agentId: "1000002", msgId };
      const inbound: InboundMessage = {
        ...{
          v: 1,
          id: `cb-${corpId}-${userId}-${msgId}`,
          appName: "main",
          corpId,
          agentId: "1000002",
          userId,
        },
        receivedAtMs: Date.now(),
        message: { ...message, ...common },
      };
      await acceptor.accept(inbound);
    },
    async isEmpty(user: string): Promise<boolean> {
      const keys = createKeys(redis.prefix);
      const conversation = conversationOf(user);
      const waiting = await Promise.all([
        reader.llen(keys.outbox(conversation)),
        reader.llen(keys.mailbox(conversation)),
      ]);
      return waiting.every((count) => count === 0);
    },
    async deadLetter(user: string): Promise<DeadJob | undefined> {
      const jobs = (await dead.getJobs()).map((job) => deadJobSchema.parse(job.data));
      return jobs.find(({ conversation }) => conversation === conversationOf(user));
    },
    async close() {
      await acceptor.close();
      await dead.close();
      producer.disconnect();
    },
  };
}
