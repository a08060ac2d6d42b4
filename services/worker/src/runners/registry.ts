import type { RunnerConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import { createCommandRunner } from "./command.ts";
import { createDemoRunner } from "./demo.ts";
import { createHermesRunner } from "./hermes/hermes-runner.ts";
import { createOpenaiRunner } from "./openai/openai-runner.ts";
import type { AgentRunner } from "./runner.ts";

interface RunnerDeps {
  readonly logger: Logger;
  /** The environment that a runner may pass named variables of to its agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories of which the agent may send files. */
  readonly mediaDirs: readonly string[];
}

/** The one place that knows every runner. A new kind fails to compile until it has its line here. */
export function createRunner(config: RunnerConfig, deps: RunnerDeps): AgentRunner {
  switch (config.kind) {
    case "demo":
      return createDemoRunner();
    case "command":
      return createCommandRunner(config, deps);
    case "hermes":
      return createHermesRunner(config, deps);
    case "openai":
      return createOpenaiRunner(config, deps);
    default:
      return config satisfies never;
  }
}
