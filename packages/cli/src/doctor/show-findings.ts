import type { Finding } from "./finding.ts";

const MARKS = { ok: "✓", warning: "!", problem: "✗", skipped: "-" } as const;

/** One line a finding, and what to do below it. */
export function showFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, app, status, says, fix }) => [
    `${MARKS[status]} ${check}${app === undefined ? "" : ` of ${app}`}: ${says}`,
    ...(fix === undefined ? [] : [`    → ${fix}`]),
  ]);
  const problems = findings.filter(({ status }) => status === "problem").length;
  const end = problems === 0 ? "No problem found." : problems === 1 ? "1 problem." : `${problems} problems.`;
  return [...lines, end].join("\n");
}
