import type { EnvironmentSettings } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import type { FileApp, FileExtra } from "./file-schema.ts";
import type { RunnerConfig } from "./types.ts";

/** The settings of an app that may come from more than one place. Each group counts or does not as a whole. */
export interface AppLayer {
  readonly apiBaseUrl?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly access?: { readonly allowedUsers: readonly string[]; readonly allowAllUsers: boolean } | undefined;
  readonly runner?: RunnerConfig | undefined;
}

/** `where` names the runner settings for faults, like `AGENT` or a path in the file. */
export function layerOfFile(
  options: FileApp | FileExtra,
  env: EnvironmentSettings,
  where: string,
  faults: FaultList,
): AppLayer {
  return {
    apiBaseUrl: options.api_base_url,
    httpProxy: options.http_proxy,
    access: accessOf(options.allowed_users ?? options.allow_from, options.allow_all_users),
    runner: runnerOfFile(options.runner, env, `${where}.runner.command`, faults),
  };
}

export function layerOfEnvironment(env: EnvironmentSettings, faults: FaultList): AppLayer {
  return {
    apiBaseUrl: env.WECOM_API_BASE_URL,
    httpProxy: env.WECOM_HTTP_PROXY,
    access: accessOf(env.WECOM_CALLBACK_ALLOWED_USERS, env.WECOM_CALLBACK_ALLOW_ALL_USERS),
    runner: runnerOfEnvironment(env, faults),
  };
}

function accessOf(users: readonly string[] | undefined, all: boolean | undefined): AppLayer["access"] {
  return users === undefined && all === undefined
    ? undefined
    : { allowedUsers: users ?? [], allowAllUsers: all ?? false };
}

function runnerOfFile(
  runner: FileApp["runner"],
  env: EnvironmentSettings,
  where: string,
  faults: FaultList,
): RunnerConfig | undefined {
  if (runner === undefined) return undefined;
  if (runner.kind === "demo") return { kind: "demo" };
  return commandRunner(where, faults, {
    command: runner.command ?? env.AGENT_COMMAND,
    envNames: runner.env ?? env.AGENT_COMMAND_ENV,
    timeoutSeconds: runner.timeout_seconds ?? env.AGENT_TIMEOUT_SECONDS,
  });
}

function runnerOfEnvironment(env: EnvironmentSettings, faults: FaultList): RunnerConfig | undefined {
  if (env.AGENT_RUNNER === "command") {
    return commandRunner("AGENT_COMMAND", faults, {
      command: env.AGENT_COMMAND,
      envNames: env.AGENT_COMMAND_ENV,
      timeoutSeconds: env.AGENT_TIMEOUT_SECONDS,
    });
  }
  if (env.AGENT_COMMAND !== undefined && env.AGENT_RUNNER === undefined) {
    faults.warn("AGENT_COMMAND is set but AGENT_RUNNER is not: set AGENT_RUNNER=command to use it.");
  }
  return env.AGENT_RUNNER === undefined ? undefined : { kind: "demo" };
}

function commandRunner(
  where: string,
  faults: FaultList,
  settings: {
    readonly command: readonly [string, ...string[]] | undefined;
    readonly envNames: readonly string[];
    readonly timeoutSeconds: number;
  },
): RunnerConfig | undefined {
  if (settings.command === undefined) {
    faults.add({
      where,
      found: "is missing",
      mend: 'The runner "command" needs the program to start, like ["python3", "agent.py"].',
    });
    return undefined;
  }
  const timeoutMs = settings.timeoutSeconds * 1000;
  return { kind: "command", command: settings.command, envNames: settings.envNames, timeoutMs };
}
