import type { ChildProcess } from "node:child_process";

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

/** Collects a child's output inside bounds until it has ended. Never rejects. */
export function collectOutput(child: ChildProcess, limits: Limits): Promise<ChildOutput> {
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  let stderr = Buffer.alloc(0);
  child.stdout?.on("data", (data: Buffer) => {
    stdoutBytes += data.length;
    if (stdoutBytes <= limits.stdoutLimitBytes) stdout.push(data);
    else limits.onOverflow();
  });
  child.stderr?.on("data", (data: Buffer) => {
    stderr = Buffer.concat([stderr, data]).subarray(-limits.stderrKeepBytes);
  });

  return new Promise((resolve) => {
    let exit: { code: number | null; killedBy: NodeJS.Signals | null } = { code: null, killedBy: null };
    const finish = (error?: Error) =>
      resolve({
        ...(error === undefined ? {} : { error }),
        ...exit,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: stderr.toString("utf8"),
      });
    child.once("error", finish);
    child.once("close", (code, killedBy) => {
      exit = { code, killedBy };
      finish();
    });
    child.once("exit", (code, killedBy) => {
      exit = { code, killedBy };
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, DRAIN_AFTER_EXIT_MS).unref();
    });
  });
}
