import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "@jest/globals";
import { SAMPLE_APP } from "../../../packages/service-kit/src/testing/sample-settings.ts";
import { freePort } from "../../../scripts/lib/ports.mjs";
import { plantSecretsOf } from "../../support/planted-secrets.ts";
import { REPOSITORY, spawnProcess } from "../../support/process.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Retires the risk that the commands by which the README runs each service alone do not.

let redis: TestRedis;
let commands: string[];
beforeAll(async () => {
  redis = await startRedis();
  const readme = await readFile(join(REPOSITORY, "README.md"), "utf8");
  commands = readme.split("\n").filter((line) => line.startsWith("node --env-file=.env "));
});
afterAll(() => redis.stop());

it.each([
  ["ingress", "WECOM_CALLBACK_PORT"],
  ["worker", "WORKER_HEALTH_PORT"],
  ["console", "CONSOLE_PORT"],
])("%s runs from a fresh clone with the settings of .env and nothing else", async (service, portVariable) => {
  const dir = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "alone-"));
  const port = await freePort();
  const settings = {
    ...SAMPLE_APP,
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, CONSOLE_PASSWORD: "a # in $quotes" },
    ...{ GATEWAY_MEDIA_DIR: join(dir, "media"), AGENT_WORKSPACE_DIR: join(dir, "agents") },
    [portVariable]: String(port),
  };
  plantSecretsOf(settings);
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  await writeFile(join(dir, ".env"), lines.join("\n"));
  const command = commands.find((line) => line.includes(`services/${service}/`)) ?? "";
  const [, ...args] = command.replace("=.env", `=${join(dir, ".env")}`).split(" ");
  const child = spawnProcess({ name: service, command: process.execPath, args });
  try {
    await waitUntil(`${service} is ready`, async () => {
      if (!child.isRunning()) throw new Error(`${service} ended:\n${child.logs()}`);
      return fetch(`http://127.0.0.1:${port}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  } finally {
    await child.kill("SIGTERM");
  }
});
