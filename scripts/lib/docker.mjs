import { spawnSync } from "node:child_process";

/**
 * Whether a Docker engine (not only the client program) answers within a few seconds.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {boolean}
 */
export function dockerAnswers(env) {
  const result = spawnSync("docker", ["info", "--format", "{{.ServerVersion}}"], {
    env,
    timeout: 4_000,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  return result.status === 0 && result.stdout.trim() !== "";
}
