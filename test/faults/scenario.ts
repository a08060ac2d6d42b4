/** What a scenario found broken. An empty list is what it is for. */
export interface ScenarioViolation {
  /** A rule of checkHistory, or one of the scenario's own, in a few words. */
  readonly rule: string;
  /** Where there is one. */
  readonly conversation?: string;
  readonly detail: string;
}

export interface ScenarioOptions {
  /** The same seed makes the same decisions: see createRandom. */
  readonly seed: number;
  /** small: what `npm test` can afford, well under a minute. full: what `npm run faults` runs. */
  readonly size: "small" | "full";
  readonly log: (line: string) => void;
  /** Stands beside the result of the run. */
  readonly tell: (fact: string) => void;
}

/**
 * One fault, or a family of them, thrown at the gateway in real processes. It lies in scenarios/<name>.ts, which
 * exports it as `scenario`; `npm run faults` finds it there. A test beside it runs its small form: see test-scenario.ts.
 */
export interface Scenario {
  /** In one sentence, for `npm run faults -- --list`. */
  readonly what: string;
  /** Why this machine cannot carry it out, undefined if it can. Default it can. */
  readonly cannot?: () => string | undefined;
  /** Starts what it needs, ends all of it, and throws only when it could not be carried out. */
  run(options: ScenarioOptions): Promise<readonly ScenarioViolation[]>;
}
