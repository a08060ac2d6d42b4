import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { keepTail } from "../child-output.ts";
import type { Launch } from "./isolation.ts";
import { descendantsOf, killCookies, killUser, signalProcess } from "./processes.ts";

const STDERR_KEEP_BYTES = 64 * 1024;

/** How long an agent gets for each step of its end. At the end of their input agents clean up their tools. */
export interface EndPatience {
  readonly afterEofMs: number;
  readonly afterTermMs: number;
}

const END_PATIENCE: EndPatience = { afterEofMs: 2500, afterTermMs: 1500 };

/** An agent's process, and everything that it starts. */
export interface AgentProcess {
  readonly child: ChildProcess & { readonly stdin: NonNullable<ChildProcess["stdin"]> };
  readonly exited: Promise<string>;
  /** The end of its error output. It may hold anything: not for a log once a person has written. */
  stderrTail(): string;
  /** Ends it and all that it has started: end of input, SIGTERM, SIGKILL. Nothing is left when it resolves. */
  end(patience?: EndPatience): Promise<void>;
}

/** @throws what `spawn` throws, with its code, when no process can be started at all. */
export function startProcess(launch: Launch, cwd: string): AgentProcess {
  const { command, env } = launch;
  const [program, ...args] = command;
  // Its own process group, so that a signal to it reaches what it has started.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  // At a limit of open files there are no pipes; the error comes later, to nobody.
  if (child.stdin === undefined) {
    child.on("error", () => undefined);
    throw Object.assign(new Error("no pipe could be opened"), { code: "EMFILE" });
  }
  const stderrTail = keepTail(child.stderr, STDERR_KEEP_BYTES);
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "could not be started"));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  let ending: Promise<void> | undefined;
  return {
    child,
    exited,
    stderrTail,
    end(patience = END_PATIENCE) {
      ending ??= endProcess(child, launch, patience);
      return ending;
    },
  };
}

async function endProcess(child: ChildProcess, launch: Launch, patience: EndPatience): Promise<void> {
  const { pid } = child;
  if (pid !== undefined) {
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const exit = hasEnded() ? Promise.resolve() : once(child, "exit");
    const within = (ms: number) => Promise.race([exit, delay(ms, undefined, { ref: false })]);
    // Their parents may be gone later, and the tie with them.
    const started = await descendantsOf(pid);
    child.stdin?.end();
    await within(patience.afterEofMs);
    if (!hasEnded()) {
      signalProcess(-pid, "SIGTERM");
      await within(patience.afterTermMs);
    }
    const later = hasEnded() ? [] : await descendantsOf(pid);
    signalProcess(-pid, "SIGKILL");
    if (!hasEnded()) for (const one of [...started, ...later]) signalProcess(one, "SIGKILL");
    await exit;
  }
  // Whatever has cut every other tie still has the cookie, or at least the user.
  await killCookies((cookie) => cookie === launch.cookie);
  if (launch.uid !== undefined) await killUser(launch.uid);
  child.stdout?.destroy();
  child.stderr?.destroy();
}
