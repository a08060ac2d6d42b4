import type { RunnerConfig } from "@gateway/service-kit";
import type { AgentRunner } from "../runner.ts";

type HermesConfig = Extract<RunnerConfig, { kind: "hermes" }>;

const NOT_YET = 'The runner "hermes" is not in this version yet.';

export function createHermesRunner(_config: HermesConfig, _deps: unknown): AgentRunner {
  return {
    kind: "hermes",
    keepsMemory: true,
    reattaches: true,
    probe: async () => ({ ok: false, problem: NOT_YET }),
    run: async () => ({ status: "failed", code: "config", retryable: false, detail: NOT_YET }),
    shutdown: async () => undefined,
  };
}
