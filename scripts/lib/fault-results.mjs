import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project.mjs";
import { runStamp } from "./run-stamp.mjs";

const FILE = join(ROOT, "docs", "fault-results.md");
const HEAD = `# Fault runs

\`npm run faults -- --save\` writes this file: the last full run of every scenario, and the command that makes the same
decisions again. What each throws at the gateway, what has to hold, and what was found: [faults.md](faults.md).

| Scenario | Command | Result | Took | Run |
| --- | --- | --- | ---: | --- |`;

/**
 * Puts the result of one scenario into docs/fault-results.md, in the place of its last one.
 *
 * @param {{ name: string, seed: number, result: string, seconds: string, machine: string }} run
 */
export function saveFaultResult({ name, seed, result, seconds, machine }) {
  const old = existsSync(FILE) ? readFileSync(FILE, "utf8").split("\n") : [];
  const others = old.filter((line) => line.startsWith("| `") && !line.startsWith(`| \`${name}\` |`));
  const command = `\`npm run faults -- ${name} --seed ${seed}\``;
  const row = `| \`${name}\` | ${command} | ${result} | ${seconds} s | ${runStamp()} · ${machine} |`;
  writeFileSync(FILE, `${[HEAD, ...[...others, row].sort()].join("\n")}\n`);
}
