import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at the end. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** What the scripts keep on this machine: data, logs, generated credentials. Never in git. */
export const STATE_DIR = join(ROOT, ".gateway");

/** The package manager that package.json pins, like "pnpm@10.34.9". */
export function packageManager() {
  const { packageManager: pinned } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return /** @type {string} */ (pinned).replace(/\+.*$/, "");
}

/**
 * A path as one would type it in the repository's folder.
 *
 * @param {string} path
 */
export function shortPath(path) {
  const inside = relative(ROOT, path);
  return inside.startsWith("..") ? path : inside;
}
