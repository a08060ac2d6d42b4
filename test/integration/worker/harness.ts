import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InboundMessage, QueueName } from "@gateway/conversation";
import { conversationId, createAcceptor, createKeys, createQueue, QUEUE_NAMES } from "@gateway/conversation";
import { createLogger, createRedis, loadGatewayConfig } from "@gateway/service-kit";
import type { EmulatorApp } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import type { WorkerApps, WorkerDeps } from "@gateway/worker";
import { createConfiguredApps, startWorker } from "@gateway/worker";
import type { AgentRunner } from "../../../services/worker/src/runners/runner.ts";
import { startRedis } from "../../support/redis.ts";
import { configText, createTestApp, entryOf } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";

export interface WorkerOptions {
  /** One corp each. Default one, "main". */
  readonly apps?: readonly string[];
  /** Instead of an agent. */
  readonly run: AgentRunner["run"];
  readonly env?: Readonly<Record<string, string>>;
  readonly turns?: Partial<WorkerDeps["turns"]>;
  readonly concurrency?: number;
  /** Hides from the worker how many apps there are. */
  readonly countApps?: number;
}

export interface Content {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export type WorkerHarness = Awaited<ReturnType<typeof startHarness>>;

/** One worker in this process with an agent that does what the test says; a real Redis; the emulator as WeCom. */
export async function startHarness(options: WorkerOptions) {
  const server = await startRedis();
  const names = options.apps ?? ["main"];
  const known = names.map((name) => createTestApp(name));
  const emulator = createEmulator({ apps: known });
  const { url: apiBaseUrl } = await emulator.listen();
  const config = await loadConfig(known, {
    WECOM_API_BASE_URL: apiBaseUrl,
    WECOM_CALLBACK_LANGUAGE: "en",
    TURN_QUIET_MS: "0",
    NOTICE_AFTER_SECONDS: "0",
    REDIS_URL: server.url,
    REDIS_PREFIX: server.prefix,
    ...options.env,
  });
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: "info", service: "worker", destination });
  const [redis, subscriber] = [createRedis(server.url, "worker"), createRedis(server.url, "worker")];
  const configured = createConfiguredApps(config, { redis, logger, env: {} });
  const clock = { aheadMs: 0 };
  const startAgain = () =>
    startWorker({
      redis,
      subscriber,
      prefix: server.prefix,
      apps: withAgent(configured, options),
      logger,
      mask: (text) => text,
      now: () => Date.now() + clock.aheadMs,
      concurrency: options.concurrency ?? 10,
      drainMs: 0,
      deadAfterMs: 10_000,
      turns: { ...config.worker, ...options.turns },
    });
  let worker = await startAgain();
  const producer = createRedis(server.url, "producer");
  await waitUntil("Redis is connected", () => producer.status === "ready");
  const acceptor = createAcceptor({ connection: producer, prefix: server.prefix });
  const keys = createKeys(server.prefix);
  const client = server.client();
  let count = 0;

  const refOf = (app: string, userId: string) => {
    const { corpId = "", agentId = "" } = known.find(({ name }) => name === app) ?? {};
    return { corpId, agentId, userId };
  };
  const texts = (filter: { app?: string; user?: string } = {}) =>
    emulator.sent(filter).map(({ content }) => (content.kind === "text" ? content.text : content.kind));
  /** Accepts a message as ingress does. Returns its id. */
  const accept = async (app: string, userId: string, content: Content, atMs = Date.now()) => {
    const ref = refOf(app, userId);
    const id = `cb-${userId}-${++count}`;
    const place = { toUserName: ref.corpId, fromUserName: userId, agentId: ref.agentId, createTime: 1 };
    const message = { msgId: String(count), ...place, ...content } as InboundMessage["message"];
    await acceptor.accept({ v: 1, id, appName: app, ...ref, receivedAtMs: atMs, message });
    return id;
  };
  const queue = async <Value>(
    name: QueueName,
    use: (of: ReturnType<typeof createQueue>) => Promise<Value>,
  ) => {
    const opened = createQueue(name, { connection: client, prefix: server.prefix });
    return use(opened).finally(() => opened.close());
  };
  return {
    redis: client,
    prefix: server.prefix,
    keys,
    /** The worker's. */
    clock,
    emulator,
    corpOf: (app: string) => refOf(app, "").corpId,
    conversation: (app: string, userId: string) => conversationId(refOf(app, userId)),
    accept,
    say: (app: string, userId: string, text: string, atMs?: number) =>
      accept(app, userId, { kind: "text", content: text }, atMs),
    /** Every text that was sent, oldest first, also what was recalled. */
    texts,
    async hears(user: string, pattern: RegExp): Promise<string> {
      const find = () => texts({ user }).find((text) => pattern.test(text));
      return waitUntil(`${user} hears ${pattern}`, find, {
        timeoutMs: 40_000,
        describe: () => `${user} heard ${JSON.stringify(texts({ user }))}\n${lines.join("")}`,
      });
    },
    /** Waits until every accepted message has been looked at once. */
    untilNoticed: () =>
      waitUntil("every message was noticed", () =>
        queue(QUEUE_NAMES.inbound, async (inbound) => (await inbound.getCompletedCount()) === count),
      ),
    jobsDone: (name: QueueName) => queue(name, (of) => of.getCompletedCount()),
    /** What waits for later becomes due now. */
    hurry: (name: QueueName) => queue(name, (of) => of.promoteJobs()),
    deadLetters: () =>
      queue(QUEUE_NAMES.dead, async (dead) => (await dead.getJobs()).map(({ data }) => data)),
    /** Only these apps stay in the configuration. */
    configure: (kept: readonly string[]) =>
      configured.replace(config.apps.filter(({ name }) => kept.includes(name))),
    /** A deploy: the worker hands over what runs, and another one starts. */
    async restart() {
      await worker.close();
      worker = await startAgain();
    },
    async stop() {
      await worker.close();
      await acceptor.close();
      for (const connection of [redis, subscriber, producer]) connection.disconnect();
      await emulator.close();
      await server.stop();
    },
  };
}

function withAgent(configured: WorkerApps, { run, countApps }: WorkerOptions): WorkerApps {
  const runner: AgentRunner = {
    kind: "test",
    probe: async () => ({ ok: true }),
    shutdown: async () => undefined,
    run,
  };
  return {
    find(ref) {
      const app = configured.find(ref);
      return app && { ...app, runner };
    },
    get all() {
      const all = configured.all.map((app) => ({ ...app, runner }));
      return all.slice(0, countApps ?? all.length);
    },
  };
}

async function loadConfig(known: readonly EmulatorApp[], env: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "gateway-worker-"));
  const file = join(folder, "gateway.yaml");
  const apps = known.map(entryOf);
  await writeFile(file, configText({ allow_all_users: true, apps }), { mode: 0o600 });
  const config = loadGatewayConfig({ ...env, GATEWAY_CONFIG: file });
  await rm(folder, { recursive: true });
  return config;
}
