import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { freePort } from "../../scripts/lib/ports.mjs";
import { findRedisServer, spawnRedisServer } from "../../scripts/lib/redis-server.mjs";
import { rememberGroup } from "./reaper.mjs";
import type { ClientOptions } from "./redis-clients.ts";
import { trackClients } from "./redis-clients.ts";

const PORT_ATTEMPTS = 5;

export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  /** A connection that `stop` closes. */
  client(options?: ClientOptions): Redis;
  /** Ends the server process and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Where its files are. */
  readonly dir: string;
  /** Starts it again on the same port and files (killing it first when it still runs), with more arguments. */
  restart(moreArgs?: readonly string[]): Promise<void>;
  /** Freezes the server: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface PrivateRedisOptions {
  /** Keep an append-only file, so that the data outlives `kill`. Default true. */
  readonly appendonly?: boolean;
  readonly port?: number;
  readonly extraArgs?: readonly string[];
  /** A directory of the caller's, which is not removed. Default one of its own. */
  readonly dir?: string;
}

/** An own redis-server process on a fixed port, for tests that take Redis away. Needs redis-server on the PATH. */
export async function startPrivateRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const binary = findRedisServer(process.env);
  if (binary === undefined) throw new Error("this test needs redis-server or valkey-server on the PATH");
  const dir = options.dir ?? (await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "redis-")));
  const { appendonly = true, extraArgs = [] } = options;
  const launch = (port: number, moreArgs: readonly string[] = []) =>
    spawnRedisServer({
      ...{ binary, port, dir, appendonly, detached: true },
      extraArgs: [...extraArgs, ...moreArgs],
    });

  const first = await onFreePort(launch, options.port);
  const { port } = first;
  let server = hold(first.child);
  const url = `redis://127.0.0.1:${port}`;
  const clients = trackClients(url);

  return {
    url,
    port,
    dir,
    client: clients.open,
    kill: (signal = "SIGKILL") => server.kill(signal),
    async restart(moreArgs) {
      await server.kill("SIGKILL");
      server = hold(await launch(port, moreArgs));
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    async stop() {
      clients.closeAll();
      await server.kill("SIGKILL");
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function onFreePort(launch: (port: number) => Promise<ChildProcess>, wanted: number | undefined) {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      return { port, child: await launch(port) };
    } catch (error) {
      // Another test may have taken the port between asking and binding.
      if (wanted !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function hold(child: ChildProcess) {
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const forget = rememberGroup(process.env.TEST_RUN_DIR, child.pid ?? 0);
  child.once("exit", forget);
  return {
    signal(signal: NodeJS.Signals) {
      child.kill(signal);
    },
    async kill(signal: NodeJS.Signals) {
      if (!isRunning()) return;
      const exited = once(child, "exit");
      child.kill(signal);
      // A frozen process handles nothing but SIGKILL until it is continued.
      if (signal !== "SIGKILL") child.kill("SIGCONT");
      await exited;
    },
  };
}
