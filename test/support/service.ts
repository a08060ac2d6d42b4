import { freePort } from "../../scripts/lib/ports.mjs";
import type { SpawnedProcess } from "./process.ts";
import { spawnService } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

/** A real service process with a fixed address, that can be killed and started again. */
export interface ServiceHandle {
  /** Of its HTTP port (for a worker: its health port), without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Where it serves its metrics, if that was asked for. */
  readonly metricsUrl: string | undefined;
  readonly process: SpawnedProcess;
  /** What all its processes so far printed. */
  logs(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it (again) and waits until it is ready. */
  start(): Promise<void>;
  /** kill, then start. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Another one with the same settings, at an address of its own. */
  another(): Promise<ServiceHandle>;
}

export interface ServiceOptions {
  readonly service: "ingress" | "worker" | "console";
  /** Name of the setting that carries the port. */
  readonly portVariable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Default false. */
  readonly metrics?: boolean;
  /** Niceness of its processes. */
  readonly nice?: number;
}

/** Reserves an address; `start` brings the process up. */
export async function createService(options: ServiceOptions): Promise<ServiceHandle> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const metricsPort = options.metrics === true ? await freePort() : undefined;
  const ports = { [options.portVariable]: String(port), METRICS_PORT: String(metricsPort ?? "") };
  const env = { ...options.env, ...ports };
  let current: SpawnedProcess | undefined;
  let earlier = "";

  const handle: ServiceHandle = {
    url,
    port,
    metricsUrl: metricsPort === undefined ? undefined : `http://127.0.0.1:${metricsPort}/metrics`,
    get process() {
      if (current === undefined) throw new Error(`${options.service} was not started yet`);
      return current;
    },
    logs: () => earlier + (current?.logs() ?? ""),
    async kill(signal) {
      await current?.kill(signal);
    },
    async start() {
      earlier = handle.logs();
      const started = spawnService(options.service, env, options.nice);
      current = started;
      await untilReady(options.service, url, started);
    },
    async restart(signal) {
      await handle.kill(signal);
      await handle.start();
    },
    another() {
      const { port: _, ...same } = options;
      return createService(same);
    },
  };
  return handle;
}

async function untilReady(name: string, url: string, started: SpawnedProcess): Promise<void> {
  const outcome = await waitUntil(
    `${name} is ready at ${url}`,
    async () => {
      if (!started.isRunning()) return "ended" as const;
      const response = await fetch(`${url}/ready`);
      return response.ok ? ("ready" as const) : undefined;
    },
    { timeoutMs: 45_000, describe: () => started.logs() },
  );
  if (outcome === "ended") throw new Error(`${name} ended while starting:\n${started.logs()}`);
}
