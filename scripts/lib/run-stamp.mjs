import { execFileSync } from "node:child_process";
import { ROOT } from "./project.mjs";

/** When and of what a run was made: the day and the last commit. */
export function runStamp() {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: ROOT,
    encoding: "utf8",
  }).trim();
  const day = new Date().toISOString().slice(0, "2026-01-01".length);
  return `${day}, ${commit}`;
}
