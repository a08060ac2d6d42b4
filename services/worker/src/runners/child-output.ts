import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

export interface ChildOutput {
  readonly error?: Error;
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
}

interface Limits {
  readonly stdoutLimitBytes: number;
  readonly stderrKeepBytes: number;
  readonly onOverflow: () => void;
}

/** How long a pipe may stay open after the program ended: something it started may still hold it. */
const DRAIN_AFTER_EXIT_MS = 500;

/** The end of what a program writes there, and no more in memory. */
export function keepTail(from: Readable | null | undefined, keepBytes: number): () => string {
  let tail = Buffer.alloc(0);
  from?.on("data", (data: Buffer) => {
    const both = Buffer.concat([tail, data.subarray(-keepBytes)]);
    // A copy: a part of a buffer keeps the whole of it.
    tail = both.length > keepBytes ? Buffer.from(both.subarray(-keepBytes)) : both;
  });
  return () => tail.toString("utf8");
}

/** Collects a child's output inside bounds until it has ended. Never rejects. */
export function collectOutput(child: ChildProcess, limits: Limits): Promise<ChildOutput> {
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  child.stdout?.on("data", (data: Buffer) => {
    stdoutBytes += data.length;
    if (stdoutBytes <= limits.stdoutLimitBytes) stdout.push(data);
    else limits.onOverflow();
  });
  const stderr = keepTail(child.stderr, limits.stderrKeepBytes);

  return new Promise((resolve) => {
    let exit: { code: number | null; killedBy: NodeJS.Signals | null } = { code: null, killedBy: null };
    const finish = (error?: Error) =>
      resolve({
        ...(error === undefined ? {} : { error }),
        ...exit,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: stderr(),
      });
    child.once("error", finish);
    child.once("close", (code, killedBy) => {
      exit = { code, killedBy };
      finish();
    });
    child.once("exit", (code, killedBy) => {
      exit = { code, killedBy };
      const close = () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      // Not at once: a blocked event loop is late with this timer, and has yet to read what lies in the pipes.
      setTimeout(() => setImmediate(close), DRAIN_AFTER_EXIT_MS).unref();
    });
  });
}
