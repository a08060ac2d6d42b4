import process from "node:process";
import { createAcceptor, createAgentCallbacks, createKeys } from "@gateway/conversation";
import { createGatekeeper } from "@gateway/conversation/access";
import type { GatewayConfig } from "@gateway/service-kit";
import {
  checkRedis,
  createLifecycle,
  createLogger,
  createRedis,
  createSecretList,
  createSharedClock,
  loadGatewayConfig,
  runService,
  startMetrics,
  startTracing,
  watchConfig,
} from "@gateway/service-kit";
import { createAgentKeys } from "./agent-keys.ts";
import { systemClock } from "./clock.ts";
import { DEFAULT_SERVER_LIMITS } from "./http/server.ts";
import { createIngress } from "./ingress.ts";
import { createIngressMetrics } from "./metrics.ts";
import type { ObserveOutcome } from "./observation.ts";
import { createIngressTracing } from "./tracing.ts";

await runService("ingress", async () => {
  const config = loadGatewayConfig(process.env);
  const secrets = createSecretList(config);
  const logger = createLogger({ level: config.logLevel, service: "ingress", secrets: secrets.list });
  for (const warning of config.warnings) logger.warn(warning);
  const lifecycle = createLifecycle({ logger, graceMs: DEFAULT_SERVER_LIMITS.drainMs + 1000 });
  lifecycle.install(process);

  // Redis need not be there yet: the callback URL can be verified without it.
  const redis = createRedis(config.redis.url, "producer", (error) => logger.warn(error.message));
  lifecycle.use("redis", () => redis.disconnect());
  redis.once("ready", async () => {
    for (const { severity, problem, fix } of await checkRedis(redis)) {
      logger[severity === "error" ? "error" : "warn"](`${problem} ${fix}`);
    }
  });
  const sharedClock = createSharedClock({ redis, logger });
  lifecycle.use("clock", sharedClock.stop);
  const registry = await startMetrics({ redis }, { address: config.metrics, lifecycle, logger });
  const tracer = await startTracing(config.tracing, { service: "ingress", lifecycle, logger });
  const tracing = tracer && createIngressTracing(tracer);
  const store = { connection: redis, prefix: config.redis.prefix };
  const acceptor = createAcceptor(store);
  lifecycle.use("acceptor", acceptor.close);
  const gatekeeper = createGatekeeper(store);
  lifecycle.use("gatekeeper", gatekeeper.close);

  const count = createIngressMetrics(registry);
  const onOutcome: ObserveOutcome = (observation) => {
    count(observation);
    tracing?.observe(observation);
  };
  const keys = createKeys(config.redis.prefix);
  const agentKeys = createAgentKeys(config.apps);
  const ingress = createIngress({
    apps: config.apps,
    callbackPath: config.http.path,
    maxSkewSeconds: config.maxSkewSeconds,
    acceptor: tracing?.acceptor(acceptor) ?? acceptor,
    gatekeeper,
    agents: {
      callbacks: createAgentCallbacks({ redis, keys }),
      agentOf: agentKeys.of,
      isOpen: agentKeys.areThere,
    },
    ping: () => redis.ping(),
    logger,
    clock: systemClock,
    sharedTimeOf: sharedClock.of,
    onOutcome,
    ...(tracing === undefined ? {} : { aroundCallback: tracing.receive }),
  });
  lifecycle.use("http", ingress.close);
  const apply = ({ apps }: GatewayConfig) => {
    ingress.replaceApps(apps);
    agentKeys.replace(apps);
  };
  const watch = watchConfig({ env: process.env, config, secrets, logger, process, apply });
  lifecycle.use("config", watch.close);
  const port = await ingress.listen(config.http.port, config.http.host);
  logger.info(
    { host: config.http.host, port, path: config.http.path, apps: config.apps.length },
    "listening",
  );
});
