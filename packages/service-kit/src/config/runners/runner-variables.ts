import * as field from "../fields.ts";
import { directory } from "../media-fields.ts";
import * as runner from "./runner-fields.ts";

/** What the environment says of the agent; part of `environmentSchema`. */
export const runnerVariables = {
  AGENT_RUNNER: runner.runnerKind.optional(),
  AGENT_COMMAND: runner.command.optional(),
  AGENT_COMMAND_ENV: field.envNameList.prefault(""),
  AGENT_OUTPUT: runner.output.prefault("text"),
  AGENT_URL: runner.agentUrl.optional(),
  AGENT_API_KEY: runner.agentApiKey.optional(),
  AGENT_CALLBACK_URL: runner.agentUrl.optional(),
  AGENT_INSTRUCTIONS: runner.instructions.optional(),
  AGENT_MODEL: runner.model.optional(),
  AGENT_IMAGES: field.flag.prefault("false"),
  AGENT_CONTEXT_TOKENS: runner.contextTokens.prefault("64000"),
  AGENT_MAX_STEPS: runner.maxSteps.prefault("30"),
  AGENT_STALL_SECONDS: runner.stallSeconds.prefault("60"),
  AGENT_PRESET: runner.acpPreset.optional(),
  AGENT_ISOLATION: runner.isolation.prefault("none"),
  AGENT_CONTAINER: runner.command.optional(),
  AGENT_HOME_TEMPLATE: directory.optional(),
  AGENT_TIMEOUT_SECONDS: runner.timeoutSeconds.prefault("1800"),
};
