import { z } from "zod";
import * as field from "../fields.ts";
import { directory } from "../media-fields.ts";
import { mcpServers } from "./mcp-fields.ts";
import * as runner from "./runner-fields.ts";

/** The `runner` section of the file: the keys of every kind of runner. */
export const runnerSchema = z.object(
  {
    kind: runner.runnerKind,
    command: runner.command.optional(),
    env: field.envNameList.optional(),
    output: runner.output.optional(),
    url: runner.agentUrl.optional(),
    api_key: runner.agentApiKey.optional(),
    callback_url: runner.agentUrl.optional(),
    instructions: runner.instructions.optional(),
    model: runner.model.optional(),
    images: field.flag.optional(),
    context_tokens: runner.contextTokens.optional(),
    max_steps: runner.maxSteps.optional(),
    stall_seconds: runner.stallSeconds.optional(),
    mcp_servers: mcpServers.optional(),
    preset: runner.acpPreset.optional(),
    isolation: runner.isolation.optional(),
    container: runner.command.optional(),
    home_template: directory.optional(),
    timeout_seconds: runner.timeoutSeconds.optional(),
  },
  { error: "Needs the key kind and the settings of that kind of runner." },
);

export type RunnerSection = z.output<typeof runnerSchema>;
export const RUNNER_KEYS: readonly string[] = Object.keys(runnerSchema.shape);
