import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Asked for before this process binds itself: afterwards it is told of its own alone. */
const PROCESSORS = availableParallelism();

/**
 * Gives `measured` the last processor and everything else of the run the others: what shares a processor empties the other's
 * caches, by chance one time and not the next. They are measured in turn, so that each has it for itself.
 *
 * @returns false where the system cannot: one processor, or no taskset (Linux, util-linux).
 */
export function separate(measured: readonly number[], others: readonly number[]): boolean {
  const last = PROCESSORS - 1;
  if (last < 1) return false;
  try {
    for (const pid of measured) bind(pid, String(last));
    for (const pid of others) bind(pid, `0-${last - 1}`);
    return true;
  } catch {
    return false;
  }
}

/** All its threads, and those that it will start. */
function bind(pid: number, processors: string): void {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", processors, String(pid)], {
    stdio: "ignore",
  });
}
