import { createWriteStream } from "node:fs";
import { eachLine } from "./each-line.mjs";

const LAST_LINES = 20;

/**
 * @typedef {object} SupervisedProcess
 * @property {string} name
 * @property {() => boolean} hasEnded
 * @property {Promise<void>} ended resolves when it is gone and its last line has been read
 * @property {() => string} lastLines
 * @property {() => string} describeEnd how it ended, with its last lines
 * @property {() => Promise<void>} stop asks it to end and kills it when it does not in its time
 * @property {() => void} kill
 */

/**
 * Takes over a child that runs in a process group of its own: keeps its log, and ends it.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {{ name: string, logFile: string, stopTimeoutMs: number, show: (line: string) => void }} options
 * @returns {SupervisedProcess}
 */
export function superviseProcess(child, { name, logFile, stopTimeoutMs, show }) {
  /** @type {string[]} */
  const lines = [];
  const log = createWriteStream(logFile, { mode: 0o600 });
  log.write(`${new Date().toISOString()} started as process ${child.pid}\n`);
  /** @param {string} line */
  const take = (line) => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
    log.write(`${line}\n`);
    show(line);
  };
  eachLine(child.stdout, take);
  eachLine(child.stderr, take);
  child.once("error", (error) => take(error.message));
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    // "close" and not "exit": the last lines must be in.
    child.once("close", () => {
      log.end();
      resolve();
    });
  });

  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const lastLines = () => lines.map((line) => `  ${line}`).join("\n") || "  (none)";
  const kill = () => {
    if (!hasEnded()) killGroup(child);
  };
  return {
    name,
    hasEnded,
    ended,
    lastLines,
    kill,
    describeEnd: () =>
      `${name} ended by itself (${child.signalCode ?? `exit code ${child.exitCode}`}). Its last lines:\n${lastLines()}`,
    async stop() {
      if (hasEnded()) return;
      // The process alone: it ends its own children, and a second SIGTERM through one of them would mean "force".
      child.kill("SIGTERM");
      const timer = setTimeout(kill, stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function killGroup(child) {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended this moment.
  }
}
