import { freePort } from "../../scripts/lib/ports.mjs";
import { spawnProcess } from "../../test/support/process.ts";
import { waitUntil } from "../../test/support/wait-until.ts";

export interface Target {
  readonly port: number;
  readonly pid: number;
}

/** One of bench/baselines, started and ready. Ends with this process. */
export async function startBaseline(
  name: "node-http" | "express-body" | "express-redis",
  redisUrl: string,
): Promise<Target & { stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawnProcess({
    name,
    command: process.execPath,
    args: [`bench/baselines/${name}.mjs`],
    env: { PORT: String(port), REDIS_URL: redisUrl, NODE_ENV: "production" },
  });
  await waitUntil(`${name} is ready`, async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok, {
    describe: () => child.logs(),
  });
  return { port, pid: child.pid, stop: () => child.kill() };
}
