/** What answers a turn, as its runner gets it. */
export type RunnerConfig = DemoConfig | CommandConfig;

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
