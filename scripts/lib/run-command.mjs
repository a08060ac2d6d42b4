import { spawn } from "node:child_process";
import { PlainError } from "./plain-error.mjs";

const KEPT_CHARS = 8_000;

/**
 * Runs a command to its end. Its output is shown only when it fails (or at once, with `show`).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, what: string }} options `what` names the step in an error
 * @returns {Promise<void>}
 */
export async function runCommand(command, args, { cwd, env = process.env, show = false, what }) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    // npm's programs are .cmd files on Windows, which only a shell can start.
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-KEPT_CHARS);
    });
  }
  const [code, signal, failure] = await new Promise((resolve) => {
    child.once("error", (error) => resolve([null, null, error.message]));
    child.once("close", (...ending) => resolve([...ending, undefined]));
  });
  if (code === 0) return;
  const ending = failure ?? (signal ? `ended by ${signal}` : `exit code ${code}`);
  throw new PlainError(`${what} failed (${ending}): ${command} ${args.join(" ")}\n${output.trim()}`);
}
