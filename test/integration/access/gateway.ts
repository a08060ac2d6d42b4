import { EventEmitter } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAcceptor } from "@gateway/conversation";
import { createGatekeeper } from "@gateway/conversation/access";
import type { Observation } from "@gateway/ingress";
import { createIngress, systemClock } from "@gateway/ingress";
import type { GatewayConfig } from "@gateway/service-kit";
import {
  createLogger,
  createRedis,
  createSecretList,
  loadGatewayConfig,
  watchConfig,
} from "@gateway/service-kit";
import type { Emulator, EmulatorApp } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import { createConfiguredApps, startWorker } from "@gateway/worker";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { configText, createTestApp, entryOf } from "../../support/test-apps.ts";
import { waitUntil } from "../../support/wait-until.ts";

const CALLBACK_PATH = "/wecom/callback";

/** Options of each app, as they stand in the configuration file. */
export type FileApps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface TestGateway {
  readonly redis: TestRedis;
  readonly emulator: Emulator;
  readonly apps: readonly EmulatorApp[];
  readonly observations: readonly Observation[];
  log(): string;
  /** Pushes a text to one of the ingress replicas and waits for its acknowledgement. */
  say(app: string, user: string, text: string, replica?: number): Promise<void>;
  /** The text of the newest message on the person's screen, once there is one more than before. */
  hears(app: string, user: string): Promise<string>;
  /** Writes the file anew; the services find it by themselves. */
  configure(apps: FileApps): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Two ingress replicas and a worker built from one configuration file as their main files build them, with a
 * real Redis and the emulator as WeCom. `known` are the apps that exist in WeCom.
 */
export async function startGateway(known: readonly string[], configured: FileApps): Promise<TestGateway> {
  const redis = await startRedis();
  const folder = await mkdtemp(join(tmpdir(), "gateway-access-"));
  const apps = known.map((name) => createTestApp(name));
  const emulator = createEmulator({ apps });
  const { url: apiBaseUrl } = await emulator.listen();
  const file = join(folder, "gateway.yaml");
  const configure = (settings: FileApps) => writeFile(file, fileText(apps, settings, apiBaseUrl));
  await configure(configured);

  const env = { GATEWAY_CONFIG: file, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix };
  const config = loadGatewayConfig({ ...env, TURN_QUIET_MS: "0" });
  const lines: string[] = [];
  const parts = { env, config, log: (line: string) => void lines.push(line) };
  const observations: Observation[] = [];
  const replicas = [await startReplica(parts, observations), await startReplica(parts, observations)];
  const worker = await startTestWorker(parts);
  const screen = createScreen(emulator);

  return {
    redis,
    emulator,
    apps,
    observations,
    configure,
    log: () => lines.join(""),
    async say(app, user, text, replica = 0) {
      const callbackUrl = replicas[replica]?.url ?? "";
      const push = await emulator.pushText({ app, user, text, callbackUrl });
      if (push.status !== "acknowledged") throw new Error(`the push was not acknowledged: ${push.status}`);
    },
    hears: screen.next,
    async stop() {
      await worker.stop();
      for (const replica of replicas) await replica.stop();
      await emulator.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Parts {
  readonly env: Readonly<Record<string, string>>;
  readonly config: GatewayConfig;
  readonly log: (line: string) => void;
}

function watch({ env, config, log }: Parts, service: string, apply: (next: GatewayConfig) => void) {
  const secrets = createSecretList(config);
  const logger = createLogger({ level: "info", service, secrets: secrets.list, destination: { write: log } });
  const timing = { everyMs: 30, settleMs: 30 };
  const host = new EventEmitter();
  const watched = watchConfig({ env, config, secrets, logger, process: host, apply, timing });
  return { logger, close: watched.close };
}

async function startReplica(parts: Parts, observations: Observation[]) {
  const { config } = parts;
  const redis = createRedis(config.redis.url, "producer");
  const store = { connection: redis, prefix: config.redis.prefix };
  const [acceptor, gatekeeper] = [createAcceptor(store), createGatekeeper(store)];
  const { logger, close } = watch(parts, "ingress", ({ apps }) => ingress.replaceApps(apps));
  const ingress = createIngress({
    apps: config.apps,
    callbackPath: CALLBACK_PATH,
    maxSkewSeconds: 600,
    acceptor,
    gatekeeper,
    ping: () => redis.ping(),
    logger,
    clock: systemClock,
    onOutcome: (observation) => void observations.push(observation),
  });
  const port = await ingress.listen(0, "127.0.0.1");
  await waitUntil("Redis is connected", () => redis.status === "ready");
  return {
    url: `http://127.0.0.1:${port}${CALLBACK_PATH}`,
    async stop() {
      close();
      await ingress.close();
      await Promise.all([acceptor.close(), gatekeeper.close()]);
      redis.disconnect();
    },
  };
}

async function startTestWorker(parts: Parts) {
  const { config, env } = parts;
  const [redis, subscriber] = [
    createRedis(config.redis.url, "worker"),
    createRedis(config.redis.url, "worker"),
  ];
  const { logger, close } = watch(parts, "worker", (next) => void apps.replace(next.apps));
  const apps = createConfiguredApps(config, { redis, logger, env });
  const worker = await startWorker({
    redis,
    subscriber,
    prefix: config.redis.prefix,
    apps,
    logger,
    mask: (text: string) => text,
    now: Date.now,
    concurrency: 10,
    drainMs: 1000,
    deadAfterMs: 10_000,
    turns: config.worker,
  });
  return {
    async stop() {
      close();
      await worker.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Reads a person's screen message by message. */
function createScreen(emulator: Emulator) {
  const read = new Map<string, number>();
  return {
    async next(app: string, user: string): Promise<string> {
      const at = read.get(`${app} ${user}`) ?? 0;
      const message = await waitUntil(`${user} hears something`, () => emulator.sent({ app, user })[at]);
      read.set(`${app} ${user}`, at + 1);
      return message.content.kind === "text" ? message.content.text : message.content.kind;
    },
  };
}

function fileText(apps: readonly EmulatorApp[], settings: FileApps, apiBaseUrl: string): string {
  const entries = apps.flatMap((app) =>
    settings[app.name] === undefined ? [] : [{ ...entryOf(app), ...settings[app.name] }],
  );
  return configText({ api_base_url: apiBaseUrl, path: CALLBACK_PATH, apps: entries });
}
