import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import {
  createLifecycle,
  createLogger,
  createRedis,
  createSecretList,
  createSharedClock,
  loadGatewayConfig,
  runService,
  startMetrics,
  watchConfig,
} from "@gateway/service-kit";
import { createChatClients } from "./api/chat-clients.ts";
import { resolveOperator } from "./auth/operator.ts";
import { createConsoleApp } from "./console-app.ts";
import { listenConsole } from "./console-server.ts";
import { createStateMetrics } from "./metrics/state-metrics.ts";

const GRACE_MS = 5000;

async function main(): Promise<void> {
  const env = process.env;
  const config = loadGatewayConfig(env, { appsRequired: false });
  const operator = resolveOperator(config.console);
  const {
    logLevel: level,
    redis: { url, prefix },
  } = config;
  const secrets = createSecretList(config);
  const logger = createLogger({ level, service: "console", secrets: secrets.list });
  const lifecycle = createLifecycle({ logger, graceMs: GRACE_MS });
  lifecycle.install(process);
  const watch = watchConfig({
    ...{ env, config, secrets, logger, process, appsRequired: false },
    apply: () => undefined,
  });
  lifecycle.use("config", watch.close);

  const redis = createRedis(url, "producer", (error) => logger.warn({ err: error }, "redis"));
  lifecycle.use("redis", () => redis.disconnect());
  const clock = createSharedClock({ redis, logger });
  lifecycle.use("clock", clock.stop);
  const queues = Object.values(QUEUE_NAMES).map((name) => {
    // It waits for Redis before its first command: a queue whose first command fails never recovers.
    const queue = createQueue(name, { connection: redis, prefix });
    queue.on("error", (error) => logger.warn({ err: error, queue: name }, "queue"));
    lifecycle.use(`queue ${name}`, () => queue.close());
    return queue;
  });
  const registry = await startMetrics({ redis }, { address: config.metrics, lifecycle, logger });
  createStateMetrics({ registry, queues, redis, prefix, logger, apps: () => watch.current().apps });
  const { showContent, apiToken, trustedProxies } = config.console;
  const app = await createConsoleApp({
    ...{ queues, redis, prefix, operator, showContent, apiToken, trustedProxies, logger, now: clock.now },
    apps: () => watch.current().apps,
    chatClient: createChatClients({ apps: () => watch.current().apps, redis, prefix, logger }),
  });
  const server = await listenConsole(app, config.console);
  lifecycle.use("http", () => server.close(lifecycle.forced));

  const address = `http://${config.console.host}:${server.port}/`;
  logger.info({ address, user: operator.user }, "console is listening");
  if (operator.isGenerated) {
    // The one place where a password is printed: without it nobody could sign in, and it ends with this process.
    logger.warn(
      `No CONSOLE_PASSWORD is set. For this run, sign in as ${operator.user} with ${operator.password}`,
    );
  }
}

await runService("console", main);
