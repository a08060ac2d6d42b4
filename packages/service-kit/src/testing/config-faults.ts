import { ConfigError } from "../config/config-error.ts";
import type { LoadOptions } from "../config/load-gateway-config.ts";
import { loadGatewayConfig } from "../config/load-gateway-config.ts";
import type { Environment } from "../config/types.ts";

/** The error that loading fails with; fails itself when loading works. */
export function configErrorOf(env: Environment, options?: LoadOptions): ConfigError {
  try {
    loadGatewayConfig(env, options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}
