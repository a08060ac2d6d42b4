import { randomInt } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { saveFaultResult } from "../../scripts/lib/fault-results.mjs";
import { describeMachine } from "../../scripts/lib/machine.mjs";
import { table } from "../../scripts/lib/table.mjs";
import { takeLeaks } from "../support/planted-secrets.ts";
import { reap } from "../support/reaper.mjs";
import type { Scenario, ScenarioOptions, ScenarioViolation } from "./scenario.ts";

const USAGE = "npm run faults -- [--list] [scenario …] [--seed <number>] [--size small|full] [--save]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    /** May be given several times. Without it, one at random. */
    seed: { type: "string", multiple: true },
    /** small is the form that `npm test` runs. */
    size: { type: "string", default: "full" },
    /** Puts the results into docs/fault-results.md. */
    save: { type: "boolean", default: false },
  },
});
const log = (line: string) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);

const known = readdirSync(new URL("scenarios", import.meta.url)).flatMap((file) =>
  file.endsWith(".test.ts") ? [] : [file.slice(0, -".ts".length)],
);
const unknown = positionals.find((name) => !known.includes(name));
if (unknown !== undefined) refuse(`There is no scenario ${unknown}. Known: ${known.join(", ")}.`);
const seeds = values.seed?.map(Number) ?? [randomInt(1_000_000)];
if (!seeds.every(Number.isSafeInteger)) refuse("A seed is a whole number.");
const { size } = values;
if (size !== "small" && size !== "full") refuse("--size is small or full.");
if (values.save && size === "small") refuse("Only the results of a full run are worth keeping.");

const scenarios = await Promise.all(
  (positionals.length > 0 ? positionals : known).map(async (name) => {
    const { scenario } = (await import(`./scenarios/${name}.ts`)) as { scenario: Scenario };
    return { name, scenario };
  }),
);
if (values.list) {
  process.stdout.write(`${table(scenarios.map(({ name, scenario }) => [name, scenario.what]))}\n`);
} else {
  useRunDirectory();
  const results: [string, string][] = [];
  const machine = describeMachine(process.env);
  log(machine);
  for (const seed of seeds) {
    for (const { name, scenario } of scenarios) {
      const began = performance.now();
      const result = await carryOut(name, scenario, { seed, size, log });
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      results.push([`${name} (seed ${seed}, ${seconds} s)`, result]);
      if (values.save) saveFaultResult({ name, seed, result, seconds, machine });
    }
  }
  process.stdout.write(`\n${table(results)}\n`);
}

async function carryOut(
  name: string,
  scenario: Scenario,
  options: Omit<ScenarioOptions, "tell">,
): Promise<string> {
  const { seed } = options;
  log(`${name}, seed ${seed}: ${scenario.what}`);
  const skipped = scenario.cannot?.();
  if (skipped !== undefined) return `skipped: ${skipped}`;
  const facts = new Set<string>();
  const tell = (fact: string) => void facts.add(fact);
  const found = await scenario
    .run({ ...options, tell })
    .catch((error: unknown): readonly ScenarioViolation[] => {
      return [{ rule: "could-not-be-carried-out", detail: String(error) }];
    });
  const leaks = takeLeaks().map((detail): ScenarioViolation => ({ rule: "secret-printed", detail }));
  const violations = [...found, ...leaks];
  const result = (held: string) => [held, ...facts].join(", ");
  if (violations.length === 0) return result("held");
  for (const { rule, conversation, detail } of violations) {
    log(`${rule}${conversation === undefined ? "" : ` (${conversation})`}: ${detail}`);
  }
  log(`FAILED. The same decisions again: npm run faults -- ${name} --seed ${seed} --size ${options.size}`);
  process.exitCode = 1;
  return result(`${violations.length} violations`);
}

/** Where processes leave their files and are remembered; the end, of whatever kind, cleans up after them. */
function useRunDirectory(): void {
  const runDir = mkdtempSync(join(tmpdir(), "gateway-faults-"));
  process.env.TEST_RUN_DIR = runDir;
  process.once("exit", () => {
    reap(runDir);
    rmSync(runDir, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}\n`);
  process.exit(2);
}
