import { createServer } from "node:http";
import process from "node:process";
import {
  checkRedis,
  configSecrets,
  createHealthHandler,
  createLifecycle,
  createLogger,
  createRedis,
  loadGatewayConfig,
  runService,
} from "@gateway/service-kit";
import { createConfiguredApps, turnSettings } from "./configured-apps.ts";
import { listen } from "./listen.ts";
import { startWorker } from "./worker.ts";

await runService("worker", async () => {
  const config = loadGatewayConfig(process.env);
  const logger = createLogger({ level: config.logLevel, service: "worker", secrets: configSecrets(config) });
  const lifecycle = createLifecycle({ logger, graceMs: config.worker.drainMs + 10_000 });
  lifecycle.install(process);

  const connect = (name: string) => {
    const redis = createRedis(config.redis.url, "worker", (error) => logger.warn({ err: error }, "redis"));
    lifecycle.use(name, () => redis.disconnect());
    return redis;
  };
  const redis = connect("redis");
  const subscriber = connect("signals");
  for (const problem of await checkRedis(redis)) logger.warn(problem, "redis settings");

  const apps = createConfiguredApps(config, { redis, logger, env: process.env });
  for (const { name, runner } of apps.all) {
    const probe = await runner.probe();
    if (!probe.ok) logger.error({ app: name, runner: runner.kind, problem: probe.problem }, "agent runner");
  }

  const { health, concurrency, drainMs, deadAfterMs } = config.worker;
  const answer = createHealthHandler({ ready: () => redis.ping() });
  const server = createServer((request, response) => {
    if (!answer(request, response)) response.writeHead(404).end();
  });
  lifecycle.use("health", () => void server.close());
  await listen(server, health);

  const worker = await startWorker({
    redis,
    subscriber,
    prefix: config.redis.prefix,
    apps,
    logger,
    now: Date.now,
    concurrency,
    drainMs,
    deadAfterMs,
    turns: turnSettings(config),
  });
  lifecycle.use("worker", () => worker.close());
  logger.info({ workerId: worker.id, apps: apps.all.length, concurrency, health }, "working");
});
