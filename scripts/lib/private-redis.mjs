import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dockerAnswers } from "./docker.mjs";
import { PlainError } from "./plain-error.mjs";
import { freePort, isPortFree } from "./ports.mjs";
import { STATE_DIR, shortPath } from "./project.mjs";
import { CONTAINER_DATA_DIR, spawnRedisContainer } from "./redis-container.mjs";
import { redisDataDir } from "./redis-probe.mjs";
import { findRedisServer, spawnRedisServer } from "./redis-server.mjs";
import { installWithPackageManager } from "./system-packages.mjs";

const USUAL_PORT = 6390;
const PORT_FILE = "redis-port";

/**
 * Starts the gateway's own Redis: a program of this machine, else a container, else what the package manager
 * installs. Its data outlives it.
 *
 * @param {Readonly<Record<string, string>>} settings
 * @param {string} [stateDir]
 * @returns {Promise<{ url: string, how: string, child: import("node:child_process").ChildProcess }>}
 */
export async function startPrivateRedis(settings, stateDir = STATE_DIR) {
  const dir = join(stateDir, "redis");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const port = await choosePort(join(stateDir, PORT_FILE), realpathSync(dir));
  const url = urlOf(port);

  let binary = findRedisServer(settings);
  if (binary === undefined) {
    const child = await inContainer(port, settings);
    if (child !== undefined) return { url, how: "in a container, data in a volume", child };
    await installRedis(settings);
    binary = findRedisServer(settings);
    if (binary === undefined) throw new PlainError(HOW_TO_GET_REDIS);
  }
  const child = await spawnRedisServer({ binary, port, dir, detached: true });
  return { url, how: `of its own, data in ${shortPath(dir)}`, child };
}

/**
 * The address of the Redis that `npm start` runs at the moment.
 *
 * @param {string} stateDir
 * @returns {Promise<string | undefined>}
 */
export async function findPrivateRedis(stateDir) {
  const [portFile, dir] = [join(stateDir, PORT_FILE), join(stateDir, "redis")];
  if (!existsSync(portFile) || !existsSync(dir)) return undefined;
  const port = Number(readFileSync(portFile, "utf8"));
  const dataDir = await redisDataDir(port);
  return dataDir === realpathSync(dir) || dataDir === CONTAINER_DATA_DIR ? urlOf(port) : undefined;
}

/** @param {number} port */
const urlOf = (port) => `redis://127.0.0.1:${port}`;

/**
 * @param {number} port
 * @param {Readonly<Record<string, string>>} settings
 */
async function inContainer(port, settings) {
  if (!dockerAnswers(settings)) return undefined;
  console.log("Starting Redis in a container (there is no redis-server on the PATH)…");
  try {
    return await spawnRedisContainer({ port });
  } catch (error) {
    console.log(`That did not work: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/**
 * Installs Redis with the package manager, or says how to get it.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function installRedis(env) {
  if (!(await installWithPackageManager("redis", env))) throw new PlainError(HOW_TO_GET_REDIS);
}

/**
 * Benchmarks and fault runs kill and freeze a Redis of their own, which takes the program; it is installed if need be.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function ensureRedisServer(env) {
  if (findRedisServer(env) !== undefined) return;
  if (await installWithPackageManager("redis", env)) return;
  throw new PlainError(
    "This needs the program redis-server or valkey-server on the PATH (apt-get install redis-server, brew install redis …).",
  );
}

const HOW_TO_GET_REDIS = [
  "The gateway needs Redis, and there is none on this machine that it could use. Any one of these helps:",
  "  - install it: sudo apt-get install redis-server, sudo dnf install valkey, brew install redis …",
  "  - start Docker, and a container is used",
  "  - point at a Redis you have: REDIS_URL=redis://host:6379",
  "Then run the command again.",
].join("\n");

/**
 * The usual port, or any when something else has it. Two servers on the same files would ruin them, so a server
 * that is already there is an error.
 *
 * @param {string} portFile where the port of the last run stands
 * @param {string} dir
 */
async function choosePort(portFile, dir) {
  const last = existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : USUAL_PORT;
  for (const port of new Set([last, USUAL_PORT])) {
    if ((await redisDataDir(port)) === dir) {
      throw new PlainError(
        `The gateway's Redis already runs on port ${port}. Stop the gateway in the other window first (Ctrl-C there).`,
      );
    }
  }
  const port = (await isPortFree(USUAL_PORT)) ? USUAL_PORT : await freePort();
  writeFileSync(portFile, String(port));
  return port;
}
