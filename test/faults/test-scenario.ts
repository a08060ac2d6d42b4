import { describe, expect, it } from "@jest/globals";
import type { Scenario } from "./scenario.ts";

/** For the failing case, on a machine that does much else. */
const LIMIT_MS = 600_000;

export interface ScenarioTest {
  /** Fixed, so that a failure can be had again: `npm run faults -- <name> --seed <seed> --size small`. Default 1. */
  readonly seeds?: readonly number[];
}

/** The small form of a scenario as a test. */
export function testScenario(name: string, scenario: Scenario, options: ScenarioTest = {}): void {
  const { seeds = [1] } = options;
  const skipped = scenario.cannot?.();
  const because = skipped === undefined ? "" : `; skipped: ${skipped}`;
  describe(`the fault scenario ${name}`, () => {
    (skipped === undefined ? it : it.skip).each(seeds)(
      `finds nothing broken in the small form of: ${scenario.what} (seed %i)${because}`,
      async (seed) => {
        const lines: string[] = [];
        const log = (line: string) => void lines.push(line);
        const violations = await scenario.run({ seed, size: "small", log, tell: log });
        expect({ violations, lines }).toEqual({ violations: [], lines });
      },
      LIMIT_MS,
    );
  });
}
