import type { AcpConfig, Environment } from "@gateway/service-kit";
import { createMaskText } from "@gateway/service-kit";
import type { Logger } from "pino";
import { codeOf, describeSpawnLimit } from "../spawn-limit.ts";
import type { Agent } from "./agent.ts";
import { connectAgent } from "./agent.ts";
import type { AgentProcess } from "./agent-process.ts";
import { startProcess } from "./agent-process.ts";
import { AgentFailure, readError } from "./failures.ts";
import type { Launch } from "./isolation.ts";
import { describeLaunch } from "./isolation.ts";
import { orAbort } from "./pool.ts";
import type { AcpProfile } from "./profile.ts";
import type { RunLimits } from "./watch-run.ts";
import type { Workspace } from "./workspace.ts";
import { prepareWorkspace } from "./workspace-care.ts";

const STDERR_LOG_CHARS = 2000;

/**
 * Starts a person's agent and makes it ready for sessions. Nothing of it is left when this rejects.
 *
 * @throws AgentFailure
 */
export async function startAgent(
  workspace: Workspace,
  parts: {
    readonly config: AcpConfig;
    readonly profile: AcpProfile;
    readonly limits: Pick<RunLimits, "startMs">;
    readonly deps: { readonly env: Environment; readonly logger: Logger };
    readonly owner: string;
    readonly signal: AbortSignal;
  },
): Promise<Agent> {
  const { config, profile, limits, deps } = parts;
  await prepareWorkspace(config, workspace);
  const launch = describeLaunch(config, profile, workspace, { env: deps.env, owner: parts.owner });
  const process = tryStart(launch, workspace.cwd);
  const tooLate = AbortSignal.timeout(limits.startMs);
  const signal = AbortSignal.any([tooLate, parts.signal]);
  let exit: string | undefined;
  void process.exited.then((how) => {
    exit = how;
  });
  try {
    const ready = connectAgent(process, profile);
    return await orAbort(ready, signal);
  } catch (error) {
    await process.end();
    if (parts.signal.aborted) throw error;
    // Nobody has told it anything yet: what it prints is about itself. Its keys are not for the log all the same.
    const mask = createMaskText(Object.values(launch.env));
    const stderr = mask(process.stderrTail()).slice(-STDERR_LOG_CHARS);
    deps.logger.error({ program: launch.command[0], exit, stderr }, "an agent did not start");
    if (tooLate.aborted)
      throw new AgentFailure("timeout", `The agent was not ready within ${limits.startMs / 1000} s.`);
    const limit = describeSpawnLimit(exit);
    if (limit !== undefined) throw notStarted(limit);
    if (exit !== undefined)
      throw new AgentFailure(
        "config",
        `The agent ended while it started (${exit}); what it printed is in the log.`,
      );
    throw readError(error);
  }
}

function tryStart(launch: Launch, cwd: string): AgentProcess {
  try {
    return startProcess(launch, cwd);
  } catch (error) {
    const limit = describeSpawnLimit(codeOf(error));
    throw limit === undefined ? error : notStarted(limit);
  }
}

/** Nothing has run, and the limit may not be met the next time. */
function notStarted(limit: string): AgentFailure {
  return new AgentFailure("internal", `The agent could not be started: ${limit}.`, true);
}
