import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project.mjs";
import { runStamp } from "./run-stamp.mjs";

const FILE = join(ROOT, "docs", "benchmarks.md");
const HEAD = `# Benchmarks

\`npm run bench -- --save\` writes this file: every section holds the last full run of one benchmark and the command
that made it. Figures of other machines differ; ratios differ less. What follows from them for a company of a given size
is in [capacity.md](capacity.md); what an acknowledgement spends its time on is in
[decision 0011](decisions/0011-what-an-ack-costs.md).
`;

/**
 * Puts the results of one benchmark into docs/benchmarks.md, in the place of its last ones.
 *
 * @param {{ name: string, command: string, machine: string, output: string }} results
 */
export function saveResults({ name, command, machine, output }) {
  const old = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  const sections = new Map(
    old
      .split(/^(?=## )/mu)
      .filter((section) => section.startsWith("## "))
      .map((section) => [/^## (.*)/u.exec(section)?.[1], section.trim()]),
  );
  sections.set(name, `## ${name}\n\n\`${command}\` · ${runStamp()} · ${machine}\n\n${output.trim()}`);
  const sorted = [...sections.entries()].sort(([a = ""], [b = ""]) => a.localeCompare(b));
  writeFileSync(FILE, `${[HEAD.trim(), ...sorted.map(([, section]) => section)].join("\n\n")}\n`);
}
