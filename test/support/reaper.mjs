import { spawn } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
 * Whatever ends this process, and however: the groups that were remembered in the folder end with it, and the folder is
 * removed. Returns what has all that done now.
 *
 * @param {string} runDir
 */
export function startReaper(runDir) {
  const path = fileURLToPath(new URL("reaper-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [path, runDir], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.unref();
  return async () => {
    // It kept nobody alive so far; now there is something to wait for.
    child.ref();
    child.stdin.end();
    await exited;
  };
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
