import { readFileSync } from "node:fs";

/** Whether a process runs. One that ended but was never collected by its parent (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    // No /proc: either it ended this moment or the system has none. Ask once more.
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
}
