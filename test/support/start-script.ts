import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/lib/ports.mjs";
import type { SpawnedProcess } from "./process.ts";
import { spawnProcess } from "./process.ts";

/** What `npm start` prints when everything is up. */
const UP = /Ctrl-C stops everything/;

export interface StartedGateway {
  /** The start script itself; everything else is its child. */
  readonly process: SpawnedProcess;
  readonly stateDir: string;
  readonly ports: Readonly<Record<"ingress" | "worker" | "console" | "emulator", number>>;
  untilUp(): Promise<void>;
  /** Kills what is left and removes the state. */
  clean(): Promise<void>;
}

/** Runs the script behind `npm start` on ports of its own, with nothing kept from earlier runs. */
export async function runStartScript(env: Readonly<Record<string, string>> = {}): Promise<StartedGateway> {
  const stateDir = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "start-"));
  const [ingress, worker, console, emulator] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const child = spawnProcess({
    name: "npm start",
    command: process.execPath,
    args: ["scripts/start.mjs"],
    env: {
      GATEWAY_STATE_DIR: stateDir,
      WECOM_CALLBACK_PORT: String(ingress),
      WORKER_HEALTH_PORT: String(worker),
      CONSOLE_PORT: String(console),
      EMULATOR_PORT: String(emulator),
      ...env,
    },
  });
  return {
    process: child,
    stateDir,
    ports: { ingress, worker, console, emulator },
    untilUp: async () => void (await child.waitForLog(UP, 90_000)),
    async clean() {
      // Its guardian ends the rest.
      await child.kill("SIGKILL");
      await rm(stateDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
