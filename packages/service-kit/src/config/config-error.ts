/** One thing that is wrong with the configuration, ready to be read by a person. */
export interface ConfigFault {
  /** Variable or path in the file, with the app's name. */
  readonly where: string;
  /** What was found there. Never a secret's value. */
  readonly found: string;
  /** What is needed and how to mend it. */
  readonly mend: string;
}

/** Every fault of the configuration at once. Thrown before any connection is made. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "config_invalid";
  readonly retryable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(describe(faults));
    this.faults = faults;
  }
}

function describe(faults: readonly ConfigFault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const lines = faults.map((fault, index) => {
    return `  ${index + 1}. ${fault.where}: ${fault.found}.\n     ${fault.mend}`;
  });
  return [`The configuration has ${count}. Nothing was started.`, ...lines].join("\n");
}
