import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator, EmulatorApp, EmulatorOptions, MenuButton } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import { freePort } from "../../scripts/lib/ports.mjs";
import type { PrivateRedis, PrivateRedisOptions } from "./private-redis.ts";
import { startPrivateRedis } from "./private-redis.ts";
import type { ServiceHandle } from "./service.ts";
import { createService } from "./service.ts";
import { configText, createTestApp, entryOf } from "./test-apps.ts";

const CALLBACK_PATH = "/wecom/callback";

export interface StackApp {
  readonly name: string;
  /** As they stand in the configuration file, over everybody being let in. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the app shows under its chat. */
  readonly menu?: readonly MenuButton[];
  /** WeCom knows the app, the gateway's configuration file does not yet. Default false. */
  readonly isNew?: boolean;
}

/** Two that speak to each other; the first opens the connections. */
export type Link = "wecom-ingress" | "ingress-redis" | "worker-redis" | "worker-wecom";

export interface StackOptions {
  /** Ingress replicas. Default 1. The emulator pushes to the first; see `callbackUrls` for the others. */
  readonly ingress?: number;
  /** Worker processes, also none. Default 1. */
  readonly workers?: number;
  /** Default false. */
  readonly console?: boolean;
  /** Every service serves its metrics. Default false. */
  readonly metrics?: boolean;
  /** The apps or their names, each of a corp of its own. Default one, "main". */
  readonly apps?: readonly (string | StackApp)[];
  /** Settings for all services, over those of the stack. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings for one of them, over those for all; its place counts from 0. */
  readonly envOf?: (service: "ingress" | "worker", place: number) => Readonly<Record<string, string>>;
  readonly redis?: PrivateRedisOptions;
  /** Niceness of its services, for one that would take the processor from the tests beside it. */
  readonly nice?: number;
  readonly emulator?: Omit<EmulatorOptions, "apps">;
  /** Puts something between two of them: told the port of the second, it returns where the first reaches it. */
  readonly between?: (link: Link, port: number) => Promise<number>;
}

/** The whole gateway in real processes, with the emulator in this process as WeCom. */
export interface Stack {
  readonly redis: PrivateRedis;
  readonly prefix: string;
  /** The settings its services run with, for one more that differs in a few. */
  readonly env: Readonly<Record<string, string>>;
  readonly emulator: Emulator;
  readonly emulatorUrl: string;
  readonly apps: readonly EmulatorApp[];
  readonly ingress: readonly ServiceHandle[];
  readonly workers: readonly ServiceHandle[];
  readonly console: ServiceHandle | undefined;
  /** One per ingress replica. */
  readonly callbackUrls: readonly string[];
  /** As a deploy does it: a new process beside the old one, and once it is ready (`onReady`), SIGTERM for the old. */
  replace(service: ServiceHandle, onReady?: () => void): Promise<void>;
  /** What every process printed, for a failure message. */
  logs(): string;
  stop(): Promise<void>;
}

/** Starts everything and waits until it is ready. Always `stop` it. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const cleanups: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) await cleanup();
  };
  try {
    return await bringUp(options, (cleanup) => void cleanups.push(cleanup), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(
  options: StackOptions,
  onStop: (cleanup: () => Promise<void>) => void,
  stop: () => Promise<void>,
): Promise<Stack> {
  const { between = async (_link: Link, port: number) => port } = options;
  const redis = await startPrivateRedis(options.redis);
  onStop(() => redis.stop());
  const ports = await Promise.all(Array.from({ length: options.ingress ?? 1 }, () => freePort()));
  const callbackUrls = await Promise.all(
    ports.map(async (port) => `http://127.0.0.1:${await between("wecom-ingress", port)}${CALLBACK_PATH}`),
  );

  const wanted = (options.apps ?? ["main"]).map((app) => (typeof app === "string" ? { name: app } : app));
  const apps = createApps(wanted, callbackUrls[0] ?? "http://127.0.0.1:9/");
  const emulator = createEmulator({ ...options.emulator, apps });
  const { url: emulatorUrl, port: emulatorPort } = await emulator.listen();
  onStop(() => emulator.close());

  const prefix = "{stack}";
  const env = {
    GATEWAY_CONFIG: await writeConfig(apps, wanted, onStop),
    // Not in the file, where it would win over what a test sets for one service.
    WECOM_API_BASE_URL: `http://127.0.0.1:${await between("worker-wecom", emulatorPort)}`,
    REDIS_URL: redis.url,
    REDIS_PREFIX: prefix,
    WECOM_CALLBACK_HOST: "127.0.0.1",
    WORKER_DRAIN_SECONDS: "5",
    CONSOLE_PASSWORD: "console-of-the-test-stack",
    ...options.env,
  };
  const common = {
    env,
    metrics: options.metrics ?? false,
    ...(options.nice === undefined ? {} : { nice: options.nice }),
  };
  /** Over what a test has set, if something stands in between. */
  const redisOver = async (link: "ingress-redis" | "worker-redis") => {
    const port = await between(link, redis.port);
    return port === redis.port ? {} : { REDIS_URL: `redis://127.0.0.1:${port}` };
  };
  const redisOf = { ingress: await redisOver("ingress-redis"), worker: await redisOver("worker-redis") };
  const settingsOf = (service: "ingress" | "worker", place: number) => ({
    ...common,
    env: { ...env, ...redisOf[service], ...options.envOf?.(service, place) },
  });
  const ingress = await Promise.all(
    ports.map((port, place) =>
      createService({
        ...{ service: "ingress", portVariable: "WECOM_CALLBACK_PORT", port },
        ...settingsOf("ingress", place),
      }),
    ),
  );
  const workers = await Promise.all(
    Array.from({ length: options.workers ?? 1 }, (_, place) =>
      createService({
        ...{ service: "worker", portVariable: "WORKER_HEALTH_PORT" },
        ...settingsOf("worker", place),
      }),
    ),
  );
  const consoles = options.console
    ? [await createService({ service: "console", portVariable: "CONSOLE_PORT", ...common })]
    : [];
  const services = [...ingress, ...workers, ...consoles];
  onStop(async () => void (await Promise.all(services.map((service) => service.kill()))));
  await Promise.all(services.map((service) => service.start()));

  return {
    redis,
    prefix,
    env,
    emulator,
    emulatorUrl,
    apps,
    ingress,
    workers,
    get console() {
      return consoles[0];
    },
    callbackUrls,
    async replace(old, onReady) {
      const successor = await old.another();
      services.push(successor);
      await successor.start();
      if (ingress.includes(old)) callbackUrls.push(successor.url + CALLBACK_PATH);
      for (const group of [ingress, workers, consoles]) if (group.includes(old)) group.push(successor);
      onReady?.();
      // To the process alone, as supervisors do: an agent that is just being started is still in its group.
      old.process.signal("SIGTERM");
      await old.process.exited;
      // No sooner: a balancer learns of it by a request that is refused.
      remove(callbackUrls, old.url + CALLBACK_PATH);
      for (const group of [ingress, workers, consoles]) remove(group, old);
    },
    logs: () => services.map((service) => service.logs()).join("\n"),
    stop,
  };
}

function remove<Item>(list: Item[], item: Item): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}

function createApps(wanted: readonly StackApp[], callbackUrl: string): EmulatorApp[] {
  return wanted.map(({ name, menu = [] }) => ({ ...createTestApp(name, callbackUrl), menu }));
}

async function writeConfig(
  apps: readonly EmulatorApp[],
  wanted: readonly StackApp[],
  onStop: (cleanup: () => Promise<void>) => void,
): Promise<string> {
  const dir = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "stack-"));
  onStop(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, "gateway.yaml");
  const entries = apps.map((app, index) => ({ ...entryOf(app), ...wanted[index]?.settings }));
  const known = entries.filter((_, index) => wanted[index]?.isNew !== true);
  const extra = { allow_all_users: true, path: CALLBACK_PATH, apps: known };
  await writeFile(file, configText(extra), { mode: 0o600 });
  return file;
}
