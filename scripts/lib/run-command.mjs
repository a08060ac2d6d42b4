import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { PlainError } from "./plain-error.mjs";

const KEPT_CHARS = 8_000;
const LOOK_EVERY_MS = 10_000;
const SHOWN_CHARS = 120;

/**
 * Runs a command to its end. Its output is shown only when it fails (or at once, with `show`); of one that takes long,
 * every ten seconds, how long it has taken and what it said last.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, what: string, lookEveryMs?: number }} options `what` names the step in an error
 * @returns {Promise<void>}
 */
export async function runCommand(command, args, options) {
  const { cwd, env = process.env, show = false, what, lookEveryMs = LOOK_EVERY_MS } = options;
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
  const startedMs = performance.now();
  const look = () => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    const last =
      stripVTControlCharacters(output)
        .trim()
        .split(/[\r\n]+/)
        .at(-1)
        ?.slice(0, SHOWN_CHARS) ?? "";
    // Not among what a script prints for another program to read.
    console.error(`  ${what}: ${seconds} s${last === "" ? "" : `, ${last}`}`);
  };
  const timer = show ? undefined : setInterval(look, lookEveryMs);
  const [code, signal, failure] = await new Promise((resolve) => {
    child.once("error", (error) => resolve([null, null, error.message]));
    child.once("close", (...ending) => resolve([...ending, undefined]));
  });
  clearInterval(timer);
  if (code === 0) return;
  const ending = failure ?? (signal ? `ended by ${signal}` : `exit code ${code}`);
  throw new PlainError(`${what} failed (${ending}): ${command} ${args.join(" ")}\n${output.trim()}`);
}
