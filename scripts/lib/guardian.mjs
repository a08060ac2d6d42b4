import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * A small process that outlives a killed parent just long enough to end what the parent had started.
 *
 * @returns {{ watch(groupId: number): void, forget(groupId: number): void, close(): void }}
 */
export function startGuardian() {
  const path = fileURLToPath(new URL("guardian-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [path], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  const { stdin } = child;
  // Without a guardian the rest still works; only a kill -9 would leave processes behind.
  child.on("error", () => {});
  stdin.on("error", () => {});
  return {
    watch: (groupId) => void stdin.write(`watch ${groupId}\n`),
    forget: (groupId) => void stdin.write(`forget ${groupId}\n`),
    close: () => void stdin.end(),
  };
}
