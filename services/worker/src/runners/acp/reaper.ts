import { spawn } from "node:child_process";
import type { Logger } from "pino";
import { COOKIE_NAME, isOwnerAlive, killCookies } from "./processes.ts";

/** Kills what workers that are dead have left on this machine. Other live workers' agents are left alone. */
export async function reapOrphans(logger: Pick<Logger, "warn">): Promise<void> {
  const killed = await killCookies(async (cookie) => !(await isOwnerAlive(cookie.split(".")[0] ?? "")));
  if (killed > 0) logger.warn({ killed }, "processes of agents outlived their worker; they were killed");
}

/** Time for agents to end by themselves when their input ends: they clean up what they started. */
const GRACE_SECONDS = 3;

/**
 * Waits for its input to end, which the death of the worker brings about, however it comes; then kills what carries the
 * worker's cookie and has not ended by itself.
 */
const SCRIPT = `
cat >/dev/null
sleep ${GRACE_SECONDS}
for round in 1 2 3 4 5; do
  for file in $(grep -lsaF -- "$1" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -KILL "\${pid%/environ}" 2>/dev/null
  done
  sleep 0.2
done`;

/** Watches over the worker's own death: kill -9 leaves it no time to stop its agents. Costs one idle shell. */
export function startGuardian(owner: string): { stop(): void } {
  const child = spawn("/bin/sh", ["-c", SCRIPT, "agent-guardian", `${COOKIE_NAME}=${owner}.`], {
    // Not in the worker's group: what kills that must not kill this.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  return { stop: () => void child.kill("SIGKILL") };
}
