import { execFileSync } from "node:child_process";
import { ROOT } from "./project.mjs";

/** When and of what a run was made: the day, the last commit, and whether anything but prose was changed since. */
export function runStamp() {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const isChanged = git("status", "--porcelain", "--", ".", ":!docs", ":!*.md") !== "";
  const commit = `${git("rev-parse", "--short", "HEAD")}${isChanged ? " and changes" : ""}`;
  const day = new Date().toISOString().slice(0, "2026-01-01".length);
  return `${day}, ${commit}`;
}
