import type { ConfigFault } from "./config-error.ts";

/** Collects faults and warnings while the configuration is read, one fault per place. */
export interface FaultList {
  add(fault: ConfigFault): void;
  warn(text: string): void;
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly string[];
}

/** The first fault of a place wins: what follows from it would only be noise. */
export function createFaultList(): FaultList {
  const faults = new Map<string, ConfigFault>();
  const warnings: string[] = [];
  return {
    add(fault) {
      if (!faults.has(fault.where)) faults.set(fault.where, fault);
    },
    warn(text) {
      warnings.push(text);
    },
    get faults() {
      return [...faults.values()];
    },
    get warnings() {
      return warnings;
    },
  };
}
