import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { createLeakWatch, plantSecretsOf } from "./planted-secrets.ts";
import { rememberGroup } from "./reaper.mjs";
import { waitUntil } from "./wait-until.ts";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const KEPT_LOG_CHARS = 200_000;

export interface SpawnedProcess {
  readonly pid: number;
  isRunning(): boolean;
  /** What it printed last, on both streams, in order of arrival. */
  logs(): string;
  /** Resolves when the logs match; fails at once when the process ends first. */
  waitForLog(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Signals the process alone and leaves it running (or not). */
  signal(signal: NodeJS.Signals): void;
  /** Signals its whole process group and waits until the process is gone. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface SpawnOptions {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment besides PATH: nothing of the test's own leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its niceness, 0 to 19. Default that of the test. */
  readonly nice?: number;
}

/** Starts a process in a process group of its own; the end of the test run kills whatever is left of it. */
export function spawnProcess(options: SpawnOptions): SpawnedProcess {
  const { name, command, args = [], cwd = REPOSITORY, env = {} } = options;
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name}: cannot run ${command}`);
  if (options.nice !== undefined) setPriority(pid, options.nice);
  const forget = rememberGroup(process.env.TEST_RUN_DIR, pid);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    const watchLeaks = createLeakWatch(name);
    stream.setEncoding("utf8").on("data", (text: string) => {
      watchLeaks(text);
      output += text;
      // Now and then: cutting copies everything.
      if (output.length > KEPT_LOG_CHARS * 2) output = output.slice(-KEPT_LOG_CHARS);
    });
  }
  const exited = once(child, "exit").then(() => {
    forget();
    return { code: child.exitCode, signal: child.signalCode };
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  return {
    pid,
    isRunning,
    exited,
    logs: () => output,
    async waitForLog(pattern, timeoutMs = 30_000) {
      const found = await waitUntil(
        `${name} logs ${pattern}`,
        () => output.match(pattern) ?? (isRunning() ? undefined : ("ended" as const)),
        { timeoutMs, describe: () => `${name} printed:\n${output}` },
      );
      if (found === "ended") throw new Error(`${name} ended before it logged ${pattern}:\n${output}`);
      return found;
    },
    signal: (signal) => void child.kill(signal),
    async kill(signal = "SIGKILL") {
      signalGroup(pid, signal);
      await exited;
    },
  };
}

/** Starts one of the services as it runs in production: `node services/<name>/dist/main.js`. */
export function spawnService(
  service: "ingress" | "worker" | "console",
  env: Readonly<Record<string, string>>,
  nice?: number,
): SpawnedProcess {
  plantSecretsOf(env);
  const main = `services/${service}/dist/main.js`;
  if (!existsSync(`${REPOSITORY}${main}`)) throw new Error(`${main} is missing: run npm run build first`);
  return spawnProcess({
    name: service,
    command: process.execPath,
    args: ["--enable-source-maps", main],
    env,
    ...(nice === undefined ? {} : { nice }),
  });
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch {
    // The whole group is gone already.
  }
}
