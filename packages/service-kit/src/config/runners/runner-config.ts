/** What answers a turn, as its runner gets it. */
export type RunnerConfig = DemoConfig | CommandConfig | HermesConfig | OpenaiConfig | AcpConfig | HttpConfig;

/** Needs no model and no network. */
export interface DemoConfig {
  readonly kind: "demo";
}

/** A program per turn. */
export interface CommandConfig {
  readonly kind: "command";
  /** Program and arguments, as given to spawn; no shell is involved. */
  readonly command: readonly [string, ...string[]];
  /** Names of the environment variables that the agent gets to see. Nothing else of ours reaches it. */
  readonly env: readonly string[];
  /** What it prints: the reply's text, or JSON with a text, files and messages. */
  readonly output: "text" | "json";
  readonly timeoutMs: number;
}

/** The API server of a Hermes Agent. */
export interface HermesConfig {
  readonly kind: "hermes";
  /** Without a slash at the end; with `/p/<profile>` for one profile of several. */
  readonly url: string;
  readonly apiKey: string;
  /** Behind what the gateway tells the agent of WeCom. */
  readonly instructions?: string;
  readonly timeoutMs: number;
}

/** Whatever takes turns as JSON by POST. */
export interface HttpConfig {
  readonly kind: "http";
  readonly url: string;
  /** Sent as a bearer token, and what both sides sign with. */
  readonly apiKey?: string;
  /** Of ingress, as the agent reaches it; without one it cannot answer later. */
  readonly callbackUrl?: string;
  /** Behind what the gateway tells the agent of WeCom. */
  readonly instructions?: string;
  readonly timeoutMs: number;
}

/** A model behind an endpoint that is like OpenAI's, and the tools it may use. */
export interface OpenaiConfig extends ModelSettings {
  readonly kind: "openai";
  /** What `/chat/completions` is put behind, mostly ending in `/v1`. */
  readonly url: string;
  /** Undefined where the endpoint asks for none. */
  readonly apiKey?: string;
  readonly model: string;
  /** Behind what the gateway tells the agent of WeCom. */
  readonly instructions?: string;
  readonly mcpServers: readonly McpServerConfig[];
  readonly timeoutMs: number;
}

export interface ModelSettings {
  /** It can see pictures. */
  readonly images: boolean;
  /** What it takes in at most, the answer included. */
  readonly contextTokens: number;
  /** Calls of the model in one turn. */
  readonly maxSteps: number;
  /** How long its endpoint may be silent. */
  readonly stallMs: number;
}

/** A server of tools (Model Context Protocol): a program of this machine, or one elsewhere. */
export type McpServerConfig = McpServerBase &
  (
    | { readonly command: readonly [string, ...string[]]; readonly env: readonly string[] }
    | { readonly url: string; readonly headers: Readonly<Record<string, string>> }
  );

interface McpServerBase {
  readonly name: string;
  /** What the person is asked before: everything, nothing, these tools, or what is not said to be read-only. */
  readonly approve: "writes" | "always" | "never" | readonly string[];
  /** Of one call. */
  readonly timeoutMs: number;
}

/** A program that speaks the Agent Client Protocol on its standard input and output, one process per person. */
export interface AcpConfig {
  readonly kind: "acp";
  /** A known agent, or the program to start; both: the program in the place of the known agent's own. */
  readonly preset?: AcpPreset;
  readonly command?: readonly [string, ...string[]];
  /** Names of environment variables that the agent gets to see, beside those that its preset names. */
  readonly env: readonly string[];
  /** Behind what the gateway tells the agent of WeCom. */
  readonly instructions?: string;
  /** Servers of tools that the agent gets. When it asks before it uses them is its own affair. */
  readonly mcpServers: readonly McpServerConfig[];
  readonly timeoutMs: number;
  readonly isolation: AcpIsolation;
  /** For `container`: the command before the agent's own. */
  readonly container?: readonly [string, ...string[]];
  /** Absolute path of a directory that is copied into the home of each person's agent. */
  readonly homeTemplate?: string;
}

/** Agents that need no more than their name. */
export const ACP_PRESETS = [
  "qwen",
  "kimi",
  "codex",
  "claude",
  "gemini",
  "opencode",
  "hermes",
  "goose",
] as const;
export type AcpPreset = (typeof ACP_PRESETS)[number];

/**
 * What is between an agent and the worker. none: nothing. uid: a user of the system for each person. pidns: that, and
 * a space of its own for processes. container: whatever the configured command makes.
 */
export const ACP_ISOLATIONS = ["none", "uid", "pidns", "container"] as const;
export type AcpIsolation = (typeof ACP_ISOLATIONS)[number];
