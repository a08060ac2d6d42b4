import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerAnswers } from "../../scripts/lib/docker.mjs";
import { freePort } from "../../scripts/lib/ports.mjs";
import { findRedisServer, spawnRedisServer } from "../../scripts/lib/redis-server.mjs";
import { rememberGroup, startReaper } from "./reaper.mjs";

/** @type {() => Promise<void>} */
let stopEverything = async () => {};

/**
 * One Redis for the whole run: TEST_REDIS_URL, else a container where a Docker engine answers, else a local
 * redis-server. Test files keep apart by key prefix (see redis.ts).
 */
// biome-ignore lint/style/noDefaultExport: jest takes the default export
export default async function setup() {
  const runDir = mkdtempSync(join(tmpdir(), "gateway-test-"));
  process.env.TEST_RUN_DIR = runDir;
  const endReaper = startReaper(runDir);

  let stopContainer = async () => {};
  if (!process.env.TEST_REDIS_URL) {
    const container = await inContainer();
    process.env.TEST_REDIS_URL = container?.url ?? (await onThisMachine(runDir));
    if (container !== undefined) stopContainer = container.stop;
  }
  stopEverything = async () => {
    await stopContainer();
    await endReaper();
  };
}

/** Stops what `setup` started; called by global-teardown.mjs in the same process. */
export function teardown() {
  return stopEverything();
}

async function inContainer() {
  if (!dockerAnswers(process.env)) return undefined;
  const { RedisContainer } = await import("@testcontainers/redis");
  const command = ["redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction"];
  try {
    const container = await new RedisContainer("redis:7-alpine").withCommand(command).start();
    return { url: container.getConnectionUrl(), stop: async () => void (await container.stop()) };
  } catch (error) {
    // An engine without a registry, for example.
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`No Redis container (${why}), looking for a redis-server on this machine.\n`);
    return undefined;
  }
}

/**
 * @param {string} runDir
 * @returns {Promise<string>} its URL
 */
async function onThisMachine(runDir) {
  const binary = findRedisServer(process.env);
  if (binary === undefined) {
    throw new Error(
      "The integration tests need Redis: set TEST_REDIS_URL, start Docker, or install redis-server (npm test does it for you).",
    );
  }
  const dir = join(runDir, "redis");
  mkdirSync(dir);
  const port = await freePort();
  const child = await spawnRedisServer({ binary, port, dir, detached: true });
  rememberGroup(runDir, child.pid ?? 0);
  child.unref();
  return `redis://127.0.0.1:${port}`;
}
