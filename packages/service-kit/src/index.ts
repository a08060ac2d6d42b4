export type { ConfigFault } from "./config/config-error.ts";
export { ConfigError } from "./config/config-error.ts";
export { configSecrets } from "./config/config-secrets.ts";
export type { ConfigDiff } from "./config/diff-config.ts";
export type { LoadOptions } from "./config/load-gateway-config.ts";
export { loadGatewayConfig } from "./config/load-gateway-config.ts";
export type {
  AcpConfig,
  AcpIsolation,
  AcpPreset,
  HttpConfig,
  McpServerConfig,
  RunnerConfig,
} from "./config/runners/runner-config.ts";
export type { SecretList } from "./config/secret-list.ts";
export { createSecretList } from "./config/secret-list.ts";
export type { AppConfig, Environment, GatewayConfig, LogLevel } from "./config/types.ts";
export type { ConfigWatch, WatchConfigDeps } from "./config/watch-config.ts";
export { watchConfig } from "./config/watch-config.ts";
export type { HealthDeps, HealthHandler } from "./health/create-health-handler.ts";
export { createHealthHandler } from "./health/create-health-handler.ts";
export type { LoggerOptions } from "./logging/create-logger.ts";
export { createLogger } from "./logging/create-logger.ts";
export { createLiveMask } from "./logging/live-mask.ts";
export type { MaskText } from "./logging/mask-text.ts";
export { createMaskText } from "./logging/mask-text.ts";
export type { ScrubbedError } from "./logging/scrub-error.ts";
export { scrubError } from "./logging/scrub-error.ts";
export { createLabelLimit } from "./metrics/create-label-limit.ts";
export { shareReading } from "./metrics/share-reading.ts";
export { startMetrics } from "./metrics/start-metrics.ts";
export type { ProcessLike } from "./process/install-signals.ts";
export type { Lifecycle, LifecycleOptions } from "./process/lifecycle.ts";
export { createLifecycle } from "./process/lifecycle.ts";
export { runService } from "./process/run-service.ts";
export type { RedisProblem } from "./redis/check-redis.ts";
export { checkRedis } from "./redis/check-redis.ts";
export { createRedis } from "./redis/create-redis.ts";
export type { SharedClock } from "./redis/create-shared-clock.ts";
export { createSharedClock } from "./redis/create-shared-clock.ts";
export type { RedisRole } from "./redis/redis-options.ts";
export { requireRedis } from "./redis/require-redis.ts";
export { startTracing } from "./tracing/start-tracing.ts";
export type { Span, Tracer } from "./tracing/tracer.ts";
