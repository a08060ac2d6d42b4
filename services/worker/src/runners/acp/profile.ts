import type { AcpConfig, AcpPreset } from "@gateway/service-kit";

/** What is particular about an agent. Everything else is the protocol's. */
export interface AcpProfile {
  readonly command: readonly [string, ...string[]];
  /** Variables of the worker's environment that it gets to see where they are set: its key, its address, its model. */
  readonly env: readonly string[];
  /** Variables that it needs to behave. */
  readonly set?: Readonly<Record<string, string>>;
  /** What it has to be told to sign in with what the environment gives it. */
  readonly authMethod?: string;
  /** The session mode in which it asks before it acts. */
  readonly mode?: string;
  /** Its own warnings that it sends as pieces of the answer, where it does not know notices. */
  readonly asides?: RegExp;
  /** Loading a session sooner after its making than this loses it, in milliseconds. */
  readonly loadGuardMs?: number;
}

const OPENAI = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"];

const PRESETS: Readonly<Record<AcpPreset, AcpProfile>> = {
  // Its own first mode lets a model judge what is dangerous. Tools of MCP servers would hide behind a search.
  qwen: {
    command: ["qwen", "--acp"],
    env: [...OPENAI, "DASHSCOPE_API_KEY"],
    mode: "default",
  },
  kimi: { command: ["kimi", "acp"], env: ["KIMI_API_KEY", "KIMI_BASE_URL", "KIMI_MODEL_NAME"] },
  codex: {
    command: ["codex-acp"],
    env: ["OPENAI_API_KEY", "CODEX_API_KEY", "OPENAI_BASE_URL"],
    // Of every model that OpenAI does not offer, before each first answer.
    asides: /^Model metadata for `[^`]*` not found\. Defaulting to fallback metadata;[^.]*\.\s*$/,
  },
  claude: {
    command: ["claude-agent-acp"],
    env: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL"],
    // Its ten retries are three minutes of silence.
    set: { CLAUDE_CODE_MAX_RETRIES: "2", ENABLE_TOOL_SEARCH: "false" },
  },
  gemini: {
    command: ["gemini", "--acp", "--skip-trust"],
    env: ["GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GEMINI_MODEL"],
    authMethod: "gemini-api-key",
    // gemini-cli issue 28775: within the same minute of the clock.
    loadGuardMs: 61_000,
  },
  opencode: {
    command: ["opencode", "acp"],
    env: [...OPENAI, "ANTHROPIC_API_KEY", "OPENCODE_CONFIG_CONTENT"],
  },
  hermes: { command: ["hermes", "acp"], env: [...OPENAI, "OPENROUTER_API_KEY", "ANTHROPIC_API_KEY"] },
  goose: {
    command: ["goose", "acp"],
    env: [...OPENAI, "OPENAI_HOST", "ANTHROPIC_API_KEY", "GOOSE_PROVIDER", "GOOSE_MODEL"],
    // Its own first mode asks nobody.
    set: { GOOSE_MODE: "approve" },
  },
};

/** The known agent with what the operator says in its place. */
export function profileOf(config: Pick<AcpConfig, "preset" | "command" | "env">): AcpProfile {
  const preset = config.preset === undefined ? undefined : PRESETS[config.preset];
  const command = config.command ?? preset?.command;
  if (command === undefined) throw new Error("neither preset nor command: the configuration forbids this");
  return { ...preset, command, env: [...new Set([...(preset?.env ?? []), ...config.env])] };
}
