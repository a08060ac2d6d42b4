import { isDeepStrictEqual } from "node:util";
import type { AppConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import type { WorkerApp, WorkerApps } from "./apps.ts";
import type { RetirableRunner } from "./runners/retirable-runner.ts";
import { createRetirableRunner } from "./runners/retirable-runner.ts";
import type { AgentRunner } from "./runners/runner.ts";

/** Apps that can be exchanged while turns run. A turn keeps the app that it began with. */
export interface LiveApps extends WorkerApps {
  /** All or none: when it throws, nothing has changed. Returns the apps whose runner is a new one. */
  replace(configs: readonly AppConfig[]): readonly WorkerApp[];
}

export interface AppParts {
  readonly client: (config: AppConfig) => WorkerApp["client"];
  readonly runner: (config: AppConfig) => AgentRunner;
  readonly rest: (config: AppConfig) => Omit<WorkerApp, "client" | "runner">;
  readonly logger: Pick<Logger, "warn">;
}

interface Built {
  readonly config: AppConfig;
  readonly app: WorkerApp;
  readonly runner: RetirableRunner;
}

export function createLiveApps(configs: readonly AppConfig[], parts: AppParts): LiveApps {
  let current = new Map<string, Built>();

  const replace = (next: readonly AppConfig[]) => {
    const built = next.map(
      (config) => [keyOf(config), build(config, current.get(keyOf(config)), parts)] as const,
    );
    const before = [...current.values()];
    current = new Map(built);
    const runners = new Set(built.map(([, { runner }]) => runner));
    for (const { runner } of before) if (!runners.has(runner)) runner.retire();
    const kept = new Set(before.map(({ runner }) => runner));
    return built.flatMap(([, { app, runner }]) => (kept.has(runner) ? [] : [app]));
  };
  replace(configs);

  return {
    find: (ref) => current.get(keyOf(ref))?.app,
    get all() {
      return [...current.values()].map(({ app }) => app);
    },
    replace,
  };
}

/**
 * Client and runner are kept where nothing of theirs has changed: a client has connections and knows its token, a runner may hold processes. A
 * client that is replaced needs no closing, and must not be: a send may be under way, and its idle connections
 * end by themselves.
 */
function build(config: AppConfig, before: Built | undefined, parts: AppParts): Built {
  const client =
    before !== undefined && isDeepStrictEqual(wayToWecom(before.config), wayToWecom(config))
      ? before.app.client
      : parts.client(config);
  const runner =
    before !== undefined && isDeepStrictEqual(wayToAgent(before.config), wayToAgent(config))
      ? before.runner
      : createRetirableRunner(parts.runner(config), (error) =>
          parts.logger.warn({ app: config.name, err: error }, "a replaced runner did not shut down"),
        );
  return { config, app: { ...parts.rest(config), client, runner }, runner };
}

function wayToWecom({ corpId, agentId, corpSecret, apiBaseUrl, httpProxy }: AppConfig) {
  return { corpId, agentId, corpSecret, apiBaseUrl, httpProxy };
}

/** An agent is told of which directories it may send files. */
function wayToAgent({ runner, media }: AppConfig) {
  return { runner, mediaDirs: media.dirs };
}

function keyOf({ corpId, agentId }: { readonly corpId: string; readonly agentId: string }): string {
  return `${corpId}:${agentId}`;
}
