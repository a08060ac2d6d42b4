import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PlainError } from "./plain-error.mjs";
import { ROOT } from "./project.mjs";
import { superviseProcess } from "./supervised-process.mjs";

const POLL_MS = 100;
const ANSWER_TIMEOUT_MS = 2_000;

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
export function createSupervisor(deps) {
  mkdirSync(deps.logDir, { recursive: true, mode: 0o700 });
  return new Supervisor(deps);
}

class Supervisor {
  /** @type {Map<string, import("./supervised-process.mjs").SupervisedProcess>} */
  #members = new Map();
  #stopping = false;
  #deps;
  /** @type {(description: string) => void} */
  #reportDeath = () => {};
  /**
   * Resolves when the first process ends although nobody stopped it, and says which and how.
   *
   * @type {Promise<string>}
   */
  death = new Promise((resolve) => {
    this.#reportDeath = resolve;
  });

  /** @param {Parameters<typeof createSupervisor>[0]} deps */
  constructor(deps) {
    this.#deps = deps;
  }

  /** @param {ProcessSpec} spec */
  launch({ name, args, env, stopTimeoutMs }) {
    const options = { cwd: ROOT, env, detached: true };
    const child = spawn(process.execPath, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.adopt(name, child, stopTimeoutMs);
  }

  /**
   * Takes over a process that somebody else started, in a group of its own.
   *
   * @param {string} name
   * @param {import("node:child_process").ChildProcess} child
   * @param {number} stopTimeoutMs
   */
  adopt(name, child, stopTimeoutMs) {
    const { guardian, logDir, show } = this.#deps;
    const { pid } = child;
    if (pid !== undefined) guardian.watch(pid);
    const member = superviseProcess(child, {
      name,
      stopTimeoutMs,
      logFile: join(logDir, `${name}.log`),
      show: (line) => show(name, line),
    });
    this.#members.set(name, member);
    void member.ended.then(() => {
      if (pid !== undefined) guardian.forget(pid);
      if (!this.#stopping) this.#reportDeath(member.describeEnd());
    });
    // Ctrl-C came while it was being started: nobody is going to stop it any more.
    if (this.#stopping) member.kill();
  }

  /**
   * Waits until the process answers 200 on its health address.
   *
   * @param {ProcessSpec} spec
   * @param {number} timeoutMs
   */
  async untilReady({ name, readyUrl }, timeoutMs) {
    const deadline = performance.now() + timeoutMs;
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`${name} was not launched`);
    for (;;) {
      if (this.#stopping) throw new PlainError(`${name} was stopped while it started`);
      if (member.hasEnded()) {
        await member.ended;
        throw new PlainError(member.describeEnd());
      }
      if (await answersOk(readyUrl)) return;
      if (performance.now() > deadline) {
        const late = `${name} was not ready after ${timeoutMs / 1000} s (${readyUrl})`;
        throw new PlainError(`${late}. Its last lines:\n${member.lastLines()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /**
   * Stops everything, one after the other, in the order of the names; what is not named comes last.
   *
   * @param {readonly string[]} order
   */
  async stopAll(order) {
    this.#stopping = true;
    for (const name of new Set([...order, ...this.#members.keys()])) await this.#members.get(name)?.stop();
  }

  killAll() {
    this.#stopping = true;
    for (const member of this.#members.values()) member.kill();
  }
}

/** @param {string} url */
async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
