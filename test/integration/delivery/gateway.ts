import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadJob } from "@gateway/conversation";
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
import type { AppProblem } from "@gateway/wecom-client";
import { createWecomClient, readAppProblems } from "@gateway/wecom-client";
import type { Emulator, EmulatorOptions, SentMessage } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import type { WorkerApp, WorkerDeps } from "@gateway/worker";
import { createConfiguredApps, startWorker } from "@gateway/worker";
import type { Redis } from "ioredis";
import type { AgentFile } from "../../../services/worker/src/runners/runner.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { configText, createTestApp, entryOf, TEST_AGENT_ID } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { textMessage } from "./text-message.ts";

/** Hung calls end after this, instead of ten seconds; long enough for a busy machine to answer the others in. */
const CALL_TIMEOUT_MS = 3000;

export interface GatewayOptions {
  /** Names of the apps. Each is one of a corp of its own. */
  readonly apps: readonly string[];
  readonly workers?: number;
  readonly replies?: WorkerApp["replies"];
  readonly sending: NonNullable<WorkerDeps["sending"]>;
  readonly emulator?: Partial<EmulatorOptions>;
}

export interface TestGateway {
  readonly redis: TestRedis;
  readonly emulator: Emulator;
  /** A person writes something, and the agent answers with `reply`, and a file behind it. */
  ask(app: string, user: string, reply: string, file?: Buffer): Promise<void>;
  /** The texts on the person's screen, oldest first. */
  screen(app: string, user: string): string[];
  untilShown(app: string, user: string, count: number): Promise<string[]>;
  /** Waits until the parts on the screen, put together, are this text. */
  untilWhole(app: string, user: string, text: string): Promise<string[]>;
  /** Waits until nothing of the person's is left to be sent. */
  untilSettled(app: string, user: string): Promise<void>;
  /** What the workers say of apps that cannot send. */
  problems(): Promise<AppProblem[]>;
  corpOf(app: string): string;
  deadLetters(app: string): Promise<DeadJob[]>;
  untilDead(app: string): Promise<DeadJob>;
  /** What was logged, as objects. */
  lines(): Record<string, unknown>[];
  /** Moves the gateway's clock ahead; WeCom's and Redis's stay. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

/** Workers as their main file builds them, with an agent that says what the test wants, between a real Redis and the emulator. */
export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  const redis = await startRedis();
  const apps = options.apps.map((name) => createTestApp(name));
  const emulator = createEmulator({ ...options.emulator, apps });
  const { url } = await emulator.listen();
  const folder = await mkdtemp(join(tmpdir(), "gateway-delivery-"));
  const file = join(folder, "gateway.yaml");
  await writeFile(file, configText({ api_base_url: url, allow_all_users: true, apps: apps.map(entryOf) }));
  const config = loadGatewayConfig({
    GATEWAY_CONFIG: file,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    TURN_QUIET_MS: "0",
    WECOM_CALLBACK_REPLY_FILE_AFTER_CHUNKS: "0",
    GATEWAY_MEDIA_DIR: join(folder, "media"),
  });
  const answers: Parts["answers"] = new Map();
  const log: string[] = [];
  let aheadMs = 0;
  const parts: Parts = { config, options, answers, log, now: () => Date.now() + aheadMs };
  const workers = await Promise.all(Array.from({ length: options.workers ?? 1 }, () => startOne(parts)));

  const producer = createRedis(redis.url, "producer");
  const acceptor = createAcceptor({ connection: producer, prefix: redis.prefix });
  await waitUntil("Redis is connected", () => producer.status === "ready");
  const reader = redis.client();
  const dead = createQueue(QUEUE_NAMES.dead, { connection: reader, prefix: redis.prefix });
  const appOf = (name: string) => {
    const found = apps.find((app) => app.name === name);
    if (found === undefined) throw new Error(`there is no app ${name}`);
    return found;
  };
  const corpOf = (name: string) => appOf(name).corpId;
  const screen = (app: string, user: string) => emulator.seen({ app, user }).map(textOf);
  const deadLetters = async (app: string) => {
    const jobs = (await dead.getJobs()).map((job) => deadJobSchema.parse(job.data));
    return jobs.filter(({ conversation }) => conversation.includes(corpOf(app)));
  };
  const lines = () => log.map((line): Record<string, unknown> => JSON.parse(line));
  const describe = () => log.slice(-40).join("");
  let asked = 0;

  return {
    redis,
    emulator,
    screen,
    deadLetters,
    lines,
    async ask(app, user, reply, file) {
      const text = `question ${++asked}`;
      const files = file === undefined ? [] : [{ name: "report.txt", content: file }];
      answers.set(text, { text: reply, files });
      await acceptor.accept(textMessage(appOf(app), user, text, parts.now()));
    },
    untilWhole: (app, user, text) =>
      waitUntil(
        `${user} of ${app} sees the whole reply`,
        () => (screen(app, user).join("\n") === text ? screen(app, user) : undefined),
        { timeoutMs: 150_000, describe },
      ),
    async untilSettled(app, user) {
      const conversation = conversationId({ corpId: corpOf(app), agentId: TEST_AGENT_ID, userId: user });
      const outbox = createKeys(redis.prefix).outbox(conversation);
      await waitUntil("nothing is left to send", async () => (await reader.llen(outbox)) === 0, {
        timeoutMs: 150_000,
        describe,
      });
    },
    untilShown: (app, user, count) =>
      waitUntil(
        `${user} of ${app} sees ${count} messages`,
        () => (screen(app, user).length >= count ? screen(app, user) : undefined),
        { timeoutMs: 150_000, describe },
      ),
    untilDead: (app) =>
      waitUntil(`a dead letter of ${app}`, async () => (await deadLetters(app))[0], {
        timeoutMs: 150_000,
        describe,
      }),
    problems: () => readAppProblems(reader, redis.prefix),
    corpOf,
    advance: (ms) => {
      aheadMs += ms;
    },
    async stop() {
      for (const worker of workers) await worker.stop();
      await acceptor.close();
      await dead.close();
      producer.disconnect();
      await emulator.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Parts {
  readonly config: GatewayConfig;
  readonly options: GatewayOptions;
  readonly answers: Map<string, { readonly text: string; readonly files: readonly AgentFile[] }>;
  readonly log: string[];
  readonly now: () => number;
}

async function startOne(parts: Parts) {
  const { config, options, log, now } = parts;
  const { url, prefix } = config.redis;
  const [redis, subscriber] = [createRedis(url, "worker"), createRedis(url, "worker")];
  const logger = createLogger({
    level: "info",
    service: "worker",
    destination: { write: (line: string) => void log.push(line) },
  });
  const configured = createConfiguredApps(config, { redis, logger, env: {} });
  const apps = new Map(
    config.apps.map((app) => {
      const found = configured.find(app);
      if (found === undefined) throw new Error(`${app.name} is not configured`);
      return [app.corpId, adapt(found, app, redis, parts)];
    }),
  );
  const worker = await startWorker({
    redis,
    subscriber,
    prefix,
    apps: { find: ({ corpId }) => apps.get(corpId), all: [...apps.values()] },
    logger,
    mask: (text) => text,
    now,
    concurrency: 50,
    drainMs: 500,
    deadAfterMs: 10_000,
    turns: config.worker,
    sending: options.sending,
  });
  return {
    async stop() {
      await worker.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

/** The configured app, with an agent that answers from the test's list and calls that give up soon. */
function adapt(app: WorkerApp, config: GatewayConfig["apps"][number], redis: Redis, parts: Parts): WorkerApp {
  const { answers, options } = parts;
  return {
    ...app,
    client: createWecomClient({
      corpId: config.corpId,
      agentId: config.agentId,
      corpSecret: config.corpSecret,
      baseUrl: config.apiBaseUrl,
      timeoutMs: CALL_TIMEOUT_MS,
      redis,
      prefix: parts.config.redis.prefix,
    }),
    runner: {
      kind: "test",
      probe: async () => ({ ok: true }),
      run: async (turn) => ({ status: "done", ...(answers.get(turn.text) ?? { text: "?" }) }),
      shutdown: async () => undefined,
    },
    ...(options.replies === undefined ? {} : { replies: options.replies }),
  };
}

function textOf({ content }: SentMessage): string {
  return content.kind === "text" ? content.text : `(${content.kind})`;
}
