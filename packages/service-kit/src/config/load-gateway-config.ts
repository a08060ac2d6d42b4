import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { appWarnings } from "./app-warnings.ts";
import { buildApps } from "./build-apps.ts";
import { ConfigError } from "./config-error.ts";
import { hasEnvironmentApp, readEnvironmentApp } from "./environment-app.ts";
import type { EnvironmentSettings } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import { createFaultList } from "./fault-list.ts";
import type { ConfigFile } from "./read-config-file.ts";
import { readConfigFile } from "./read-config-file.ts";
import { readEnvironment, readSecret } from "./read-environment.ts";
import { createSectionReader } from "./read-section.ts";
import type { AppConfig, Environment, GatewayConfig } from "./types.ts";

const DEFAULT_PORT = 8645;
const DEFAULT_PATH = "/wecom/callback";

export interface LoadOptions {
  /** False for a process that can do its work without any app, like the console. Default true. */
  readonly appsRequired?: boolean;
}

/**
 * The configuration from the environment, the secret files and the YAML file it names, validated whole. Reads
 * files, opens no connection. Throws ConfigError with every fault at once. Precedence: `config/` examples and
 * buildApps.
 */
export function loadGatewayConfig(env: Environment, options: LoadOptions = {}): GatewayConfig {
  const faults = createFaultList();
  const settings = readEnvironment(env, faults);
  const file = readFile(env, settings, faults);
  const apps = buildApps(file, readEnvironmentApp(env, settings, faults), settings, faults);
  if (options.appsRequired !== false && file.apps.length === 0 && !hasEnvironmentApp(env)) {
    faults.add({
      where: "Apps",
      found: "none is configured",
      mend:
        "Set WECOM_CALLBACK_CORP_ID, _CORP_SECRET, _AGENT_ID, _TOKEN and _ENCODING_AES_KEY, " +
        "or GATEWAY_CONFIG to a YAML file with platforms.wecom_callback.extra.apps.",
    });
  }
  if (faults.faults.length > 0) throw new ConfigError(faults.faults);
  const warnings = [...faults.warnings, ...processWarnings(settings), ...apps.flatMap(appWarnings)];
  return assemble(settings, file, apps, warnings);
}

function readFile(env: Environment, settings: EnvironmentSettings, faults: FaultList): ConfigFile {
  if (settings.GATEWAY_CONFIG === undefined) return { extra: {}, apps: [] };
  const lookUp = (name: string) => readSecret(name, env, faults, new Map());
  return readConfigFile(settings.GATEWAY_CONFIG, createSectionReader(lookUp, faults), faults);
}

function processWarnings(settings: EnvironmentSettings): string[] {
  if (settings.WECOM_CALLBACK_MAX_SKEW_SECONDS > 0) return [];
  return ["WECOM_CALLBACK_MAX_SKEW_SECONDS is 0: callbacks are accepted however old their timestamp is."];
}

/** Settings of the process: environment first, then the file, then the default. */
function assemble(
  settings: EnvironmentSettings,
  file: ConfigFile,
  apps: readonly AppConfig[],
  warnings: readonly string[],
): GatewayConfig {
  const host = settings.WECOM_CALLBACK_HOST ?? file.extra.host;
  const { CONSOLE_PASSWORD: password, CONSOLE_API_TOKEN: apiToken } = settings;
  const dailyHour = settings.SESSION_DAILY_HOUR;
  const { METRICS_PORT: metricsPort, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings;
  const headers = settings.OTEL_EXPORTER_OTLP_HEADERS ?? {};
  return {
    apps,
    http: {
      ...(host === undefined ? {} : { host }),
      port: settings.WECOM_CALLBACK_PORT ?? file.extra.port ?? DEFAULT_PORT,
      path: settings.WECOM_CALLBACK_PATH ?? file.extra.path ?? DEFAULT_PATH,
    },
    redis: { url: settings.REDIS_URL, prefix: settings.REDIS_PREFIX },
    maxSkewSeconds: settings.WECOM_CALLBACK_MAX_SKEW_SECONDS,
    logLevel: settings.LOG_LEVEL,
    worker: {
      concurrency: settings.WORKER_CONCURRENCY,
      maxAttempts: settings.WORKER_MAX_ATTEMPTS,
      drainMs: settings.WORKER_DRAIN_SECONDS * 1000,
      deadAfterMs: settings.WORKER_DEAD_AFTER_SECONDS * 1000,
      batch: { quietMs: settings.TURN_QUIET_MS, capMs: settings.TURN_CAP_MS },
      noticeAfterSeconds: settings.NOTICE_AFTER_SECONDS,
      cardAfterSeconds: settings.CARD_AFTER_SECONDS,
      idleMs: settings.AGENT_IDLE_SECONDS * 1000,
      approvalMs: settings.APPROVAL_SECONDS * 1000,
      session: {
        idleMs: settings.SESSION_IDLE_MINUTES * 60_000,
        ...(dailyHour === undefined ? {} : { dailyHour }),
      },
      media: mediaOf(settings),
      name: settings.WORKER_NAME ?? hostname(),
      workspaces: {
        dir: settings.AGENT_WORKSPACE_DIR ?? defaultDir("agents"),
        shared: settings.AGENT_WORKSPACE_SHARED,
        limitBytes: settings.AGENT_WORKSPACE_LIMIT_MB * 1024 * 1024,
        maxProcesses: settings.AGENT_MAX_PROCESSES,
      },
      health: { host: settings.WORKER_HEALTH_HOST, port: settings.WORKER_HEALTH_PORT },
    },
    console: {
      host: settings.CONSOLE_HOST,
      port: settings.CONSOLE_PORT,
      user: settings.CONSOLE_USER,
      ...(password === undefined ? {} : { password }),
      ...(apiToken === undefined ? {} : { apiToken }),
      trustedProxies: settings.CONSOLE_TRUSTED_PROXIES ?? [],
      showContent: settings.CONSOLE_SHOW_CONTENT,
    },
    ...(metricsPort === undefined ? {} : { metrics: { host: settings.METRICS_HOST, port: metricsPort } }),
    ...(endpoint === undefined ? {} : { tracing: { endpoint, headers } }),
    warnings,
  };
}

function mediaOf(settings: EnvironmentSettings): GatewayConfig["worker"]["media"] {
  const { VOICE_TRANSCRIBE_URL: url, VOICE_TRANSCRIBE_API_KEY: apiKey } = settings;
  const model = settings.VOICE_TRANSCRIBE_MODEL;
  return {
    dir: settings.GATEWAY_MEDIA_DIR ?? defaultDir("media"),
    keepMs: settings.GATEWAY_MEDIA_KEEP_DAYS * 24 * 3600 * 1000,
    ...(url === undefined ? {} : { voice: { url, model, ...(apiKey === undefined ? {} : { apiKey }) } }),
  };
}

/** One per user of the machine, so that two of them do not meet. */
function defaultDir(what: "media" | "agents"): string {
  return join(tmpdir(), `wecom-gateway-${what}-${process.getuid?.() ?? "0"}`);
}
