import { createInterface } from "node:readline";

const GRACE_MS = 5_000;

/** @type {Set<number>} */
const groups = new Set();

// The input ends when the parent ends, however that came about. After a clean end nothing is left to stop.
for await (const line of createInterface({ input: process.stdin })) {
  const [word, id] = line.split(" ");
  if (word === "watch") groups.add(Number(id));
  if (word === "forget") groups.delete(Number(id));
}
signalAll("SIGTERM");
const deadline = Date.now() + GRACE_MS;
while (Date.now() < deadline && signalAll(0)) await new Promise((resolve) => setTimeout(resolve, 100));
signalAll("SIGKILL");

/**
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether any group is still there
 */
function signalAll(signal) {
  for (const group of groups) {
    try {
      process.kill(-group, signal);
    } catch {
      groups.delete(group);
    }
  }
  return groups.size > 0;
}
