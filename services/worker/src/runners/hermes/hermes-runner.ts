import type { RunnerConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import type { AgentRunner } from "../runner.ts";
import { wecomHint } from "../wecom-hint.ts";
import { createHermesApi } from "./api.ts";
import { createCapabilities } from "./capabilities.ts";
import type { Timing } from "./run-context.ts";
import { TIMING } from "./run-context.ts";
import { readRun } from "./run-state.ts";
import { runTurn, stopAnywhere } from "./run-turn.ts";

type HermesConfig = Extract<RunnerConfig, { kind: "hermes" }>;

interface Deps {
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Directories of which the agent may send files. With one, Hermes is taken to share the worker's disk. */
  readonly mediaDirs: readonly string[];
  readonly now?: () => number;
  readonly timing?: Partial<Timing>;
}

/**
 * A Hermes Agent, by the runs of its API server. A run belongs to Hermes and outlives this process: the worker that
 * gets the turn next finds it again by its key.
 */
export function createHermesRunner(config: HermesConfig, deps: Deps): AgentRunner {
  const { logger, mediaDirs, now = Date.now } = deps;
  const { timeoutMs, instructions: ofOperator } = config;
  // People copy the address with it.
  const url = config.url.replace(/\/v1$/, "");
  const timing = { ...TIMING, ...deps.timing };
  const api = createHermesApi({ url, apiKey: config.apiKey, timeoutMs: timing.requestMs });
  const capabilities = createCapabilities(api, now);
  const instructions = wecomHint({ mediaDirs, instructions: ofOperator });
  const sharesDisk = mediaDirs.length > 0;
  return {
    kind: "hermes",
    keepsMemory: true,
    reattaches: true,
    async probe() {
      const judgement = await capabilities();
      return judgement.ok ? { ok: true } : { ok: false, problem: judgement.problem };
    },
    run: (turn, io) =>
      runTurn({
        ...{ turn, io, api, capabilities, instructions, sharesDisk },
        ...{ timeoutMs, timing, logger, now },
      }),
    async abandon(turn) {
      const run = readRun(turn.checkpoint);
      if (run !== undefined && run.over !== true) await stopAnywhere(run, turn, api);
    },
    // What runs at Hermes goes on; the runs here end by their signal.
    shutdown: async () => undefined,
  };
}
