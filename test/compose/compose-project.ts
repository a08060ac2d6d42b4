import { execFile } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { promisify } from "node:util";
import { isPortFree } from "../../scripts/lib/ports.mjs";
import { REPOSITORY } from "../support/process.ts";

const run = promisify(execFile);
const OUTPUT_LIMIT_BYTES = 50 * 1024 * 1024;

export interface ComposeProject {
  readonly gatewayPort: number;
  readonly emulatorUrl: string;
  readonly consoleUrl: string;
  /** `docker compose …` of this project. */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** Ids of a service's containers that run, oldest first. */
  containers(service: string): Promise<string[]>;
  /** Containers, networks, volumes: nothing stays. */
  down(): Promise<void>;
}

/** Not of those that the system gives to whoever asks: a build is between the choice and the use. */
async function portOfNobody(): Promise<number> {
  const port = randomInt(20_000, 30_000);
  return (await isPortFree(port)) ? port : portOfNobody();
}

/** The stack of docker-compose.yml with the emulator, under a name and on ports of its own. */
export async function createComposeProject(): Promise<ComposeProject> {
  const name = `gateway-test-${randomBytes(4).toString("hex")}`;
  const [gatewayPort, consolePort, emulatorPort] = await Promise.all([
    portOfNobody(),
    portOfNobody(),
    portOfNobody(),
  ]);
  const env = {
    ...process.env,
    GATEWAY_ENV_FILE: "config/demo.env",
    GATEWAY_PORT: String(gatewayPort),
    GATEWAY_CONSOLE_PORT: String(consolePort),
    GATEWAY_EMULATOR_PORT: String(emulatorPort),
  };
  const docker = async (...args: string[]) => {
    const { stdout } = await run("docker", args, { cwd: REPOSITORY, env, maxBuffer: OUTPUT_LIMIT_BYTES });
    return stdout.trim();
  };
  const compose = (...args: string[]) => docker("compose", "-p", name, "--profile", "demo", ...args);
  return {
    gatewayPort,
    emulatorUrl: `http://127.0.0.1:${emulatorPort}`,
    consoleUrl: `http://127.0.0.1:${consolePort}`,
    compose,
    docker,
    async containers(service) {
      const listed = await compose("ps", "--status", "running", "--quiet", service);
      const ids = listed.split("\n").filter((id) => id !== "");
      const born = await Promise.all(ids.map((id) => docker("inspect", "--format", "{{.Created}}", id)));
      const byAge = ids.map((id, at) => ({ id, born: born[at] ?? "" }));
      return byAge.sort((a, b) => (a.born < b.born ? -1 : 1)).map(({ id }) => id);
    },
    async down() {
      await compose("down", "--volumes", "--remove-orphans", "--timeout", "1", "--rmi", "local");
    },
  };
}

/** Whether an engine answers that has, or may pull, the images of the stack. */
export async function canCompose(): Promise<boolean> {
  const images = ["node:24-bookworm-slim", "redis:7.4-bookworm", "haproxy:3.0-bookworm"];
  try {
    await run("docker", ["compose", "version"], { timeout: 10_000 });
    await run("docker", ["image", "inspect", ...images], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
