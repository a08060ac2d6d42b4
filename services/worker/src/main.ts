import { createServer } from "node:http";
import process from "node:process";
import { createAgentReports, createKeys } from "@gateway/conversation";
import type { GatewayConfig } from "@gateway/service-kit";
import {
  createHealthHandler,
  createLifecycle,
  createLiveMask,
  createLogger,
  createRedis,
  createSecretList,
  createSharedClock,
  loadGatewayConfig,
  requireRedis,
  runService,
  startMetrics,
  startTracing,
  watchConfig,
} from "@gateway/service-kit";
import { createConfiguredApps } from "./configured-apps.ts";
import { listen } from "./listen.ts";

import { createWorkerMetrics } from "./metrics/worker-metrics.ts";
import { watchAgents } from "./watch-agents.ts";
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
  const registry = await startMetrics(
    { redis, signals: subscriber },
    { address: config.metrics, lifecycle, logger },
  );
  const tracer = await startTracing(config.tracing, { service: "worker", lifecycle, logger });
  await requireRedis(redis, logger);
  const clock = createSharedClock({ redis, logger });
  lifecycle.use("clock", clock.stop);
  await clock.look();

  const { now } = clock;
  const apps = createConfiguredApps(config, { redis, subscriber, logger, env: process.env, now });
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
    name: config.worker.name,
    apps,
    logger,
    mask: createLiveMask(secrets.list),
    now,
    concurrency,
    drainMs,
    deadAfterMs,
    turns: config.worker,
    metrics: createWorkerMetrics(registry, concurrency),
    tracer,
  });
  lifecycle.use("worker", () => worker.close());
  const reports = createAgentReports({ redis, keys: createKeys(config.redis.prefix) });
  const agents = watchAgents({ workerId: worker.id, apps, reports, logger, now });
  lifecycle.use("agents", agents.stop);
  void agents.look(apps.all);
  const apply = (next: GatewayConfig) => void agents.look(apps.replace(next.apps));
  const watch = watchConfig({ env: process.env, config, secrets, logger, process, apply });
  lifecycle.use("config", watch.close);
  logger.info({ workerId: worker.id, apps: apps.all.length, concurrency, health }, "working");
});
