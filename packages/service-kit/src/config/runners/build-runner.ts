import type { EnvironmentSettings } from "../environment-schema.ts";
import type { FaultList } from "../fault-list.ts";
import type {
  AcpConfig,
  AcpIsolation,
  AcpPreset,
  McpServerConfig,
  ModelSettings,
  RunnerConfig,
} from "./runner-config.ts";
import { ACP_PRESETS } from "./runner-config.ts";
import type { RunnerSection } from "./runner-section.ts";

/** The settings of one runner, from wherever they came. */
interface RunnerSettings {
  readonly command: RunnerSection["command"];
  readonly env: readonly string[];
  readonly output: "text" | "json";
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
  readonly callbackUrl: string | undefined;
  readonly instructions: string | undefined;
  readonly model: string | undefined;
  readonly ofModel: ModelSettings;
  readonly mcpServers: readonly McpServerConfig[];
  readonly timeoutMs: number;
  readonly preset: AcpPreset | undefined;
  readonly isolation: AcpIsolation;
  readonly container: RunnerSection["container"];
  readonly homeTemplate: string | undefined;
}

/** Says what the runner needs and has not got. `key` is its name in the file. */
type Missing = (key: keyof RunnerSection, mend: string) => undefined;

/** `where`: the path of the section. What it leaves out the environment gives. */
export function runnerOfFile(
  section: RunnerSection | undefined,
  variables: EnvironmentSettings,
  where: string,
  faults: FaultList,
): RunnerConfig | undefined {
  if (section === undefined) return undefined;
  const common = settingsOfEnvironment(variables);
  // A key belongs to its address: one from elsewhere would be sent to a stranger.
  const { url, apiKey } =
    section.url === undefined && section.api_key === undefined
      ? common
      : { url: section.url, apiKey: section.api_key };
  const settings = {
    command: section.command ?? common.command,
    env: section.env ?? common.env,
    output: section.output ?? common.output,
    url,
    apiKey,
    callbackUrl: section.callback_url ?? common.callbackUrl,
    instructions: section.instructions ?? common.instructions,
    model: section.model ?? common.model,
    ofModel: {
      images: section.images ?? common.ofModel.images,
      contextTokens: section.context_tokens ?? common.ofModel.contextTokens,
      maxSteps: section.max_steps ?? common.ofModel.maxSteps,
      stallMs: section.stall_seconds === undefined ? common.ofModel.stallMs : section.stall_seconds * 1000,
    },
    mcpServers: section.mcp_servers ?? common.mcpServers,
    timeoutMs: section.timeout_seconds === undefined ? common.timeoutMs : section.timeout_seconds * 1000,
    preset: section.preset ?? common.preset,
    isolation: section.isolation ?? common.isolation,
    container: section.container ?? common.container,
    homeTemplate: section.home_template ?? common.homeTemplate,
  };
  return buildRunner(section.kind, settings, (key, mend) =>
    faults.add({ where: `${where}.${key}`, found: "is missing", mend }),
  );
}

export function runnerOfEnvironment(
  variables: EnvironmentSettings,
  faults: FaultList,
): RunnerConfig | undefined {
  const kind = variables.AGENT_RUNNER;
  if (kind === undefined) {
    if (variables.AGENT_COMMAND !== undefined)
      faults.warn("AGENT_COMMAND is set but AGENT_RUNNER is not: set AGENT_RUNNER=command to use it.");
    return undefined;
  }
  return buildRunner(kind, settingsOfEnvironment(variables), (key, mend) =>
    faults.add({ where: `AGENT_${key.toUpperCase()}`, found: "is missing", mend }),
  );
}

function settingsOfEnvironment(variables: EnvironmentSettings): RunnerSettings {
  return {
    command: variables.AGENT_COMMAND,
    env: variables.AGENT_COMMAND_ENV,
    output: variables.AGENT_OUTPUT,
    url: variables.AGENT_URL,
    apiKey: variables.AGENT_API_KEY,
    callbackUrl: variables.AGENT_CALLBACK_URL,
    instructions: variables.AGENT_INSTRUCTIONS,
    model: variables.AGENT_MODEL,
    ofModel: {
      images: variables.AGENT_IMAGES,
      contextTokens: variables.AGENT_CONTEXT_TOKENS,
      maxSteps: variables.AGENT_MAX_STEPS,
      stallMs: variables.AGENT_STALL_SECONDS * 1000,
    },
    mcpServers: [],
    timeoutMs: variables.AGENT_TIMEOUT_SECONDS * 1000,
    preset: variables.AGENT_PRESET,
    isolation: variables.AGENT_ISOLATION,
    container: variables.AGENT_CONTAINER,
    homeTemplate: variables.AGENT_HOME_TEMPLATE,
  };
}

/** One case per kind; each says what it cannot do without. */
function buildRunner(
  kind: RunnerSection["kind"],
  settings: RunnerSettings,
  add: (key: keyof RunnerSection, mend: string) => void,
): RunnerConfig | undefined {
  const { command, env, output, url, apiKey, instructions, timeoutMs } = settings;
  const told = instructions === undefined ? {} : { instructions };
  const missing: Missing = (key, mend) => void add(key, mend);
  switch (kind) {
    case "demo":
      return { kind };
    case "command":
      if (command === undefined)
        return missing(
          "command",
          'The runner "command" needs the program to start, like ["python3", "agent.py"].',
        );
      return { kind, command, env, output, timeoutMs };
    case "hermes":
      if (url === undefined)
        return missing(
          "url",
          'The runner "hermes" needs the address of its API server, like http://127.0.0.1:8642.',
        );
      if (apiKey === undefined)
        return missing("api_key", 'The runner "hermes" needs the API_SERVER_KEY of Hermes.');
      return { kind, url, apiKey, ...told, timeoutMs };
    case "openai": {
      const { model, ofModel, mcpServers } = settings;
      if (url === undefined)
        return missing(
          "url",
          'The runner "openai" needs the base address of the endpoint, like https://api.deepseek.com/v1.',
        );
      if (model === undefined)
        return missing("model", 'The runner "openai" needs the name of a model, like deepseek-chat.');
      const key = apiKey === undefined ? {} : { apiKey };
      return { kind, url, ...key, model, ...told, ...ofModel, mcpServers, timeoutMs };
    }
    case "acp":
      return buildAcp(settings, missing);
    case "http": {
      const { callbackUrl } = settings;
      if (url === undefined)
        return missing("url", 'The runner "http" needs the address that turns are posted to.');
      if (callbackUrl !== undefined && apiKey === undefined)
        return missing(
          "api_key",
          "Answers that come later are signed with it: with callback_url it is needed.",
        );
      const key = apiKey === undefined ? {} : { apiKey };
      const callback = callbackUrl === undefined ? {} : { callbackUrl };
      return { kind, url, ...key, ...callback, ...told, timeoutMs };
    }
    default:
      return kind satisfies never;
  }
}

function buildAcp(settings: RunnerSettings, missing: Missing): AcpConfig | undefined {
  const { preset, command, env, instructions, timeoutMs, isolation, container, homeTemplate, mcpServers } =
    settings;
  if (preset === undefined && command === undefined)
    return missing(
      "preset",
      `The runner "acp" needs a known agent (${ACP_PRESETS.join(", ")}) or the command of another one.`,
    );
  if (isolation === "container" && container === undefined)
    return missing(
      "container",
      'The isolation "container" needs the command that starts one, like ["docker", "run", …, "image"].',
    );
  return {
    kind: "acp",
    ...(preset === undefined ? {} : { preset }),
    ...(command === undefined ? {} : { command }),
    env,
    ...(instructions === undefined ? {} : { instructions }),
    mcpServers,
    timeoutMs,
    isolation,
    ...(isolation !== "container" || container === undefined ? {} : { container }),
    ...(homeTemplate === undefined ? {} : { homeTemplate }),
  };
}
