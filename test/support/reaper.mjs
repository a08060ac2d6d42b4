import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Remembers a process group that a test file started, so that the end of the run kills it even when the
 * file itself could not. Returns the function that forgets it again.
 *
 * @param {string | undefined} runDir the run's folder (TEST_RUN_DIR); without one nothing is remembered
 * @param {number} groupId
 */
export function rememberGroup(runDir, groupId) {
  if (runDir === undefined) return () => {};
  const path = join(runDir, `group-${groupId}`);
  writeFileSync(path, "");
  return () => rmSync(path, { force: true });
}

/**
 * Kills every process group that is still remembered.
 *
 * @param {string} runDir
 */
export function reap(runDir) {
  let names;
  try {
    names = readdirSync(runDir);
  } catch {
    return;
  }
  for (const name of names) {
    const groupId = Number(/^group-(\d+)$/.exec(name)?.[1]);
    if (!Number.isSafeInteger(groupId) || groupId <= 1) continue;
    try {
      process.kill(-groupId, "SIGKILL");
    } catch {
      // Already gone.
    }
  }
}
