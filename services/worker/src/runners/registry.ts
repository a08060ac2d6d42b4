import type { GatewayConfig, RunnerConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import { createAcpRunner } from "./acp/acp.ts";
import { createCommandRunner } from "./command.ts";
import { createDemoRunner } from "./demo.ts";
import { createHermesRunner } from "./hermes/hermes-runner.ts";
import type { CallbackWaiter } from "./http/callback-waiter.ts";
import { createHttpRunner } from "./http/http-runner.ts";
import { createOpenaiRunner } from "./openai/openai-runner.ts";
import type { AgentRunner } from "./runner.ts";

interface RunnerDeps {
  readonly logger: Logger;
  /** The environment that a runner may pass named variables of to its agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories of which the agent may send files. */
  readonly mediaDirs: readonly string[];
  /** The worker that it runs in. */
  readonly worker: Pick<GatewayConfig["worker"], "name" | "workspaces">;
  readonly now: () => number;
  /** Where agents that answer later leave their answers. */
  readonly callbacks: CallbackWaiter;
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
    case "acp":
      return createAcpRunner(config, deps);
    case "http":
      return createHttpRunner(config, deps);
    default:
      return config satisfies never;
  }
}
