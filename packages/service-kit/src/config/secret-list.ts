import { configSecrets } from "./config-secrets.ts";
import type { GatewayConfig } from "./types.ts";

/** The secrets that a log line must not show, while configurations come and go. */
export interface SecretList {
  /** For createLogger. */
  readonly list: () => readonly string[];
  /** Those of a new configuration, too. The ones before stay: what they opened is still under way. */
  add(config: GatewayConfig): void;
}

export function createSecretList(config: GatewayConfig): SecretList {
  let latest = configSecrets(config);
  let all: readonly string[] = latest;
  return {
    list: () => all,
    add(next) {
      const secrets = configSecrets(next);
      all = [...new Set([...latest, ...secrets])];
      latest = secrets;
    },
  };
}
