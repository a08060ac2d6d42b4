export type { ConfigFault } from "./config/config-error.ts";
export { ConfigError } from "./config/config-error.ts";
export { configSecrets } from "./config/config-secrets.ts";
export type { LoadOptions } from "./config/load-gateway-config.ts";
export { loadGatewayConfig } from "./config/load-gateway-config.ts";
export type { AppConfig, Environment, GatewayConfig, LogLevel, RunnerConfig } from "./config/types.ts";
