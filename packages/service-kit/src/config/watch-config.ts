import type { Logger } from "pino";
import type { ProcessLike } from "../process/install-signals.ts";
import { ConfigError } from "./config-error.ts";
import type { ConfigDiff } from "./diff-config.ts";
import { diffConfig, isSameConfig } from "./diff-config.ts";
import type { LoadOptions } from "./load-gateway-config.ts";
import { loadGatewayConfig } from "./load-gateway-config.ts";
import type { SecretList } from "./secret-list.ts";
import type { Environment, GatewayConfig } from "./types.ts";
import { watchFiles } from "./watch-files.ts";

const LOOK_EVERY_MS = 2000;
const SETTLE_MS = 300;
/** The first look catches what changed while the process was starting; that there is nothing is no news. */
const FIRST_LOOK = "changed while starting";

export interface WatchConfigDeps extends LoadOptions {
  readonly env: Environment;
  /** The configuration that the process started with. */
  readonly config: GatewayConfig;
  readonly secrets: SecretList;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Its SIGHUP reloads. */
  readonly process: Pick<ProcessLike, "on">;
  /** Puts the apps of a new configuration into force, all or none: when it throws, nothing has changed. */
  readonly apply: (config: GatewayConfig, diff: ConfigDiff) => void;
  readonly timing?: { readonly everyMs: number; readonly settleMs: number };
}

export interface ConfigWatch {
  /** The configuration in force. */
  current(): GatewayConfig;
  /** Reads everything anew, now. True when what was read is in force. */
  reload(reason: string): boolean;
  close(): void;
}

/**
 * Takes changes of the apps without a restart: when the file or a secret's file changes, and on SIGHUP. The
 * whole is validated as at start; with any fault the configuration in force stays. Settings of the process
 * itself (addresses, Redis, the worker's sizes) still need a restart, and a change of one is named.
 */
export function watchConfig(deps: WatchConfigDeps): ConfigWatch {
  const { logger } = deps;
  let inForce = deps.config;
  let closed = false;

  const reload = (reason: string): boolean => {
    if (closed) return false;
    try {
      const read = loadGatewayConfig(deps.env, deps);
      const diff = diffConfig(inForce, read);
      deps.secrets.add(read);
      // Also when no setting has changed: a file that a setting names may have.
      deps.apply(read, diff);
      inForce = { ...inForce, apps: read.apps, warnings: read.warnings };
      report(logger, reason, read, diff);
      return true;
    } catch (error) {
      const fault = error instanceof ConfigError ? { faults: error.faults } : { err: error };
      logger.error({ reason, ...fault }, "configuration not reloaded; the one in force stays");
      return false;
    }
  };

  deps.process.on("SIGHUP", () => void reload("SIGHUP"));
  const timing = deps.timing ?? { everyMs: LOOK_EVERY_MS, settleMs: SETTLE_MS };
  let fileReason = FIRST_LOOK;
  const files = watchFiles(
    () => [...configFiles(deps.env), ...inForce.apps.flatMap(({ textsFile }) => textsFile ?? [])],
    () => {
      reload(fileReason);
      fileReason = "file changed";
    },
    timing,
  );
  return {
    current: () => inForce,
    reload,
    close() {
      closed = true;
      files.close();
    },
  };
}

/** The files that a configuration may be read from: the YAML file and those that hold secrets. */
function configFiles(env: Environment): string[] {
  const paths = Object.entries(env).flatMap(([name, value = ""]) =>
    name === "GATEWAY_CONFIG" || name.endsWith("_FILE") ? [value.trim()] : [],
  );
  return [...new Set(paths.filter((path) => path !== ""))];
}

function report(
  logger: WatchConfigDeps["logger"],
  reason: string,
  read: GatewayConfig,
  { needRestart, ...apps }: ConfigDiff,
): void {
  if (needRestart.length > 0) {
    logger.warn({ reason, settings: needRestart }, "these settings change with the next restart only");
  }
  if (isSameConfig({ ...apps, needRestart })) {
    if (reason !== FIRST_LOOK)
      logger.info({ reason }, "configuration read again; no setting of an app has changed");
    return;
  }
  for (const warning of read.warnings) logger.warn(warning);
  logger.info({ reason, ...apps }, "configuration reloaded");
}
