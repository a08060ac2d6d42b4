import { createServer } from "node:http";
import process from "node:process";
import type { GatewayConfig } from "@gateway/service-kit";
import {
  createHealthHandler,
  createLifecycle,
  createLogger,
  createRedis,
  createSecretList,
  loadGatewayConfig,
  requireRedis,
  runService,
  watchConfig,
} from "@gateway/service-kit";
import { createConfiguredApps } from "./configured-apps.ts";
import { listen } from "./listen.ts";
import { probeRunners } from "./probe-runners.ts";
import { startWorker } from "./worker.ts";

await runService("worker", async () => {
  const config = loadGatewayConfig(process.env);
  const secrets = createSecretList(config);
  const logger = createLogger({ level: config.logLevel, service: "worker", secrets: secrets.list });
  const lifecycle = createLifecycle({ logger, graceMs: config.worker.drainMs + 10_000 });
  lifecycle.install(process);

  const connect = (name: string) => {
    const redis = createRedis(config.redis.url, "worker", (error) => logger.warn({ err: error }, "redis"));
    lifecycle.use(name, () => redis.disconnect());
    return redis;
  };
  const redis = connect("redis");
  const subscriber = connect("signals");
  await requireRedis(redis, logger);

  const apps = createConfiguredApps(config, { redis, logger, env: process.env });
  await probeRunners(apps.all, logger);
  const apply = (next: GatewayConfig) => void probeRunners(apps.replace(next.apps), logger);
  const watch = watchConfig({ env: process.env, config, secrets, logger, process, apply });
  lifecycle.use("config", watch.close);

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
    turns: config.worker,
  });
  lifecycle.use("worker", () => worker.close());
  logger.info({ workerId: worker.id, apps: apps.all.length, concurrency, health }, "working");
});
