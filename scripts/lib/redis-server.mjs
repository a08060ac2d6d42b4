import { spawn } from "node:child_process";
import { findOnPath } from "./find-on-path.mjs";

const READY_LINE = "Ready to accept connections";
const READY_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT_CHARS = 4_000;

/**
 * The Redis-compatible server on this machine, if there is one.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string | undefined}
 */
export function findRedisServer(env) {
  return findOnPath(["redis-server", "valkey-server"], env);
}

/**
 * Starts a Redis that listens on 127.0.0.1 only, never evicts, and keeps its files in `dir`.
 * Resolves when it accepts connections; rejects, with its last words, when it stops before that.
 *
 * @param {{ binary: string, port: number, dir: string, appendonly?: boolean, extraArgs?: readonly string[], detached?: boolean }} options
 * @returns {Promise<import("node:child_process").ChildProcess>}
 */
export async function spawnRedisServer(options) {
  const { binary, port, dir, appendonly = true, extraArgs = [], detached = false } = options;
  const args = [
    ["--port", String(port)],
    ["--bind", "127.0.0.1"],
    ["--dir", dir],
    ["--save", ""],
    ["--appendonly", appendonly ? "yes" : "no"],
    ["--maxmemory-policy", "noeviction"],
    ["--daemonize", "no"],
  ].flat();
  const child = spawn(binary, [...args, ...extraArgs], { stdio: ["ignore", "pipe", "pipe"], detached });
  await untilRedisIsReady(child, { timeoutMs: READY_TIMEOUT_MS });
  return child;
}

/**
 * Waits until a Redis process says that it accepts connections; kills it when it does not in time.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {{ timeoutMs: number }} options
 * @returns {Promise<void>}
 */
export async function untilRedisIsReady(child, { timeoutMs }) {
  try {
    await readyLine(child, timeoutMs);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} timeoutMs
 * @returns {Promise<void>}
 */
function readyLine(child, timeoutMs) {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(
      () => reject(new Error(`redis-server was not ready in ${timeoutMs / 1000} s: ${output}`)),
      timeoutMs,
    );
    /** @param {Buffer} bytes */
    const onOutput = (bytes) => {
      output = (output + bytes.toString("utf8")).slice(-KEPT_OUTPUT_CHARS);
      if (!output.includes(READY_LINE)) return;
      clearTimeout(timer);
      // Keep the pipes flowing, or the server blocks once they are full.
      for (const pipe of [child.stdout, child.stderr]) {
        pipe?.off("data", onOutput);
        pipe?.resume();
      }
      resolve();
    };
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onOutput);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`redis-server stopped at once (${signal ?? `exit code ${code}`}): ${output.trim()}`));
    });
  });
}
