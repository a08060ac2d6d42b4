import { describe, expect, it } from "@jest/globals";
import type { Scenario } from "./scenario.ts";

export interface ScenarioTest {
  /** Fixed, so that a failure can be had again: `npm run faults -- <name> --seed <seed> --size small`. Default 1. */
  readonly seeds?: readonly number[];
  /** Run in full size, besides: what the small form has too little of. Default none. */
  readonly fullSeeds?: readonly number[];
  /** A bound for the failing case. Default 4 minutes. */
  readonly limitMs?: number;
}

/** The small form of a scenario as a test, and the full one of some seeds. */
export function testScenario(name: string, scenario: Scenario, options: ScenarioTest = {}): void {
  const { seeds = [1], fullSeeds = [], limitMs = 240_000 } = options;
  const forms = [
    ...fullSeeds.map((seed) => ({ seed, size: "full" as const })),
    ...seeds.map((seed) => ({ seed, size: "small" as const })),
  ];
  const skipped = scenario.cannot?.();
  const because = skipped === undefined ? "" : `; skipped: ${skipped}`;
  describe(`the fault scenario ${name}`, () => {
    (skipped === undefined ? it : it.skip).each(forms)(
      `finds nothing broken: ${scenario.what} (seed $seed, $size)${because}`,
      async ({ seed, size }) => {
        const lines: string[] = [];
        const log = (line: string) => void lines.push(line);
        const violations = await scenario.run({ seed, size, log, tell: log });
        expect({ violations, lines }).toEqual({ violations: [], lines });
      },
      limitMs,
    );
  });
}
