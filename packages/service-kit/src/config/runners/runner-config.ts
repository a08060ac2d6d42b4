/** What answers a turn, as its runner gets it. */
export type RunnerConfig = DemoConfig | CommandConfig | HermesConfig;

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
