import type { RunnerConfig } from "@gateway/service-kit";
import type { AgentRunner } from "../runner.ts";

type OpenaiConfig = Extract<RunnerConfig, { kind: "openai" }>;

const NOT_YET = 'The runner "openai" is not in this version yet.';

export function createOpenaiRunner(_config: OpenaiConfig, _deps: unknown): AgentRunner {
  return {
    kind: "openai",
    probe: async () => ({ ok: false, problem: NOT_YET }),
    run: async () => ({ status: "failed", code: "config", retryable: false, detail: NOT_YET }),
    shutdown: async () => undefined,
  };
}
