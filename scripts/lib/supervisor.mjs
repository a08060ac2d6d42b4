import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PlainError } from "./plain-error.mjs";
import { ROOT } from "./project.mjs";

const LAST_LINES = 20;
const POLL_MS = 100;

/**
 * @typedef {object} ProcessSpec
 * @property {string} name
 * @property {readonly string[]} args of this very Node
 * @property {Readonly<Record<string, string>>} env
 * @property {string} readyUrl answers 200 once the process can work
 * @property {number} stopTimeoutMs how long it may take to stop before it is killed
 */

/**
 * Starts processes, each in a group of its own so that Ctrl-C reaches only us, and stops them in order.
 *
 * @param {{ guardian: { watch(id: number): void, forget(id: number): void }, logDir: string, show: (name: string, line: string) => void }} deps
 */
export function createSupervisor({ guardian, logDir, show }) {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  /** @type {Map<string, { child: import("node:child_process").ChildProcess, exited: Promise<void>, lines: string[], stopTimeoutMs: number }>} */
  const members = new Map();
  let stopping = false;
  /** @type {(name: string) => void} */
  let reportDeath = () => {};
  /** Resolves with the name of the first process that ends although nobody stopped it. */
  const death = /** @type {Promise<string>} */ (new Promise((resolve) => (reportDeath = resolve)));

  /** @param {string} name */
  const describeDeath = (name) => {
    const member = members.get(name);
    const { exitCode, signalCode } = member?.child ?? {};
    const words = (member?.lines ?? []).map((line) => `  ${line}`).join("\n");
    return `${name} ended by itself (${signalCode ?? `exit code ${exitCode}`}). Its last lines:\n${words || "  (none)"}`;
  };

  /**
   * @param {string} name
   * @param {import("node:child_process").ChildProcess} child
   * @param {number} stopTimeoutMs
   */
  const adopt = (name, child, stopTimeoutMs) => {
    const { pid } = child;
    if (pid !== undefined) guardian.watch(pid);
    // Ctrl-C came while it was being started: nobody is going to stop it any more.
    if (stopping) killGroup(child);
    /** @type {string[]} */
    const lines = [];
    const log = createWriteStream(join(logDir, `${name}.log`), { mode: 0o600 });
    log.write(`${new Date().toISOString()} started as process ${pid}\n`);
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        lines.push(line);
        if (lines.length > LAST_LINES) lines.shift();
        log.write(`${line}\n`);
        show(name, line);
      });
    }
    /** @type {Promise<void>} */
    const exited = new Promise((resolve) => {
      child.once("error", (error) => lines.push(error.message));
      // "close" and not "exit": the last lines must be in.
      child.once("close", () => {
        if (pid !== undefined) guardian.forget(pid);
        log.end();
        resolve();
        if (!stopping) reportDeath(name);
      });
    });
    members.set(name, { child, exited, lines, stopTimeoutMs });
  };

  /** @param {string} name */
  const stop = async (name) => {
    const member = members.get(name);
    if (member === undefined || hasEnded(member.child)) return;
    // The process alone: it ends its own children, and a second SIGTERM through one of them would mean "force".
    member.child.kill("SIGTERM");
    const timer = setTimeout(() => killGroup(member.child), member.stopTimeoutMs);
    await member.exited;
    clearTimeout(timer);
  };

  return {
    adopt,
    death,
    describeDeath,
    /** @param {ProcessSpec} spec */
    launch(spec) {
      const child = spawn(process.execPath, spec.args, {
        cwd: ROOT,
        env: spec.env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      adopt(spec.name, child, spec.stopTimeoutMs);
    },
    /**
     * Waits until the process answers 200 on its health address.
     *
     * @param {ProcessSpec} spec
     * @param {number} timeoutMs
     */
    async untilReady({ name, readyUrl }, timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        if (stopping) throw new PlainError(`${name} was stopped while it started`);
        const member = members.get(name);
        if (member === undefined || hasEnded(member.child)) {
          await member?.exited;
          throw new PlainError(describeDeath(name));
        }
        if (await answersOk(readyUrl)) return;
        if (performance.now() > deadline) {
          const words = member.lines.map((line) => `  ${line}`).join("\n");
          throw new PlainError(
            `${name} was not ready after ${timeoutMs / 1000} s (${readyUrl}). Its last lines:\n${words}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    /**
     * Stops everything, one after the other, in the order of the names; what is not named comes last.
     *
     * @param {readonly string[]} order
     */
    async stopAll(order) {
      stopping = true;
      for (const name of new Set([...order, ...members.keys()])) await stop(name);
    },
    killAll() {
      stopping = true;
      for (const { child } of members.values()) killGroup(child);
    },
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function hasEnded(child) {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** @param {import("node:child_process").ChildProcess} child */
function killGroup(child) {
  if (hasEnded(child) || child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended this moment.
  }
}

/** @param {string} url */
async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * @param {NodeJS.ReadableStream | null} stream
 * @param {(line: string) => void} take
 */
function eachLine(stream, take) {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  stream?.on("end", () => {
    if (rest !== "") take(rest);
  });
}
