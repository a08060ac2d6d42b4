import { readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/lib/ports.mjs";
import type { SpawnedProcess } from "../../test/support/process.ts";
import { spawnProcess } from "../../test/support/process.ts";
import { waitUntil } from "../../test/support/wait-until.ts";
import type { BenchApp } from "./callbacks.ts";
import { CALLBACK_PATH } from "./callbacks.ts";

/** Linux counts a process's CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

export interface Target {
  readonly name: string;
  readonly port: number;
  /** CPU time of the process so far. NaN where the system has no /proc. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** The service itself, as in production. */
export async function startIngress(apps: readonly BenchApp[], redisUrl: string): Promise<Target> {
  const entries = apps.map((app) => ({
    corp_id: app.corpId,
    corp_secret: app.corpSecret,
    agent_id: app.agentId,
    token: app.keys.token,
    encoding_aes_key: app.keys.encodingAesKey,
  }));
  const extra = { path: CALLBACK_PATH, allow_all_users: true, apps: entries };
  const file = join(await mkdtemp(join(tmpdir(), "gateway-bench-")), "apps.yaml");
  await writeFile(file, JSON.stringify({ platforms: { wecom_callback: { extra } } }), { mode: 0o600 });
  const port = await freePort();
  const env = { GATEWAY_CONFIG: file, WECOM_CALLBACK_PORT: String(port), WECOM_CALLBACK_HOST: "127.0.0.1" };
  return await start("ingress", port, "services/ingress/dist/main.js", { ...env, REDIS_URL: redisUrl });
}

/** What a baseline in bench/baselines costs. */
export async function startBaseline(name: "node-http" | "express-redis", redisUrl: string): Promise<Target> {
  const port = await freePort();
  return await start(name, port, `bench/baselines/${name}.mjs`, { PORT: String(port), REDIS_URL: redisUrl });
}

async function start(
  name: string,
  port: number,
  main: string,
  env: Readonly<Record<string, string>>,
): Promise<Target> {
  const child = spawnProcess({
    name,
    command: process.execPath,
    args: [main],
    env: { ...env, NODE_ENV: "production", LOG_LEVEL: "warn" },
  });
  process.once("exit", () => child.signal("SIGKILL"));
  await waitUntil(`${name} is ready`, async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok, {
    describe: () => child.logs(),
  });
  return { name, port, cpuMs: () => cpuMs(child), stop: () => child.kill() };
}

function cpuMs(child: SpawnedProcess): number {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    // After the name in brackets: state is field 3, user and system time are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}
