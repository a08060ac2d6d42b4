import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { ROOT } from "./project.mjs";
import { untilRedisIsReady } from "./redis-server.mjs";

const IMAGE = "redis:7-alpine";
export const CONTAINER_DATA_DIR = "/data";

/**
 * The same private Redis as a container in the foreground, so that ending the command ends the container. Its
 * data is in a named volume: files of a container's user in the checkout could not be removed by their owner.
 *
 * @param {{ port: number }} options
 * @returns {Promise<import("node:child_process").ChildProcess>}
 */
export async function spawnRedisContainer({ port }) {
  const name = `gateway-redis-${createHash("sha256").update(ROOT).digest("hex").slice(0, 8)}`;
  const child = spawn(
    "docker",
    [
      ...[
        "run",
        "--rm",
        "--name",
        name,
        "--publish",
        `127.0.0.1:${port}:6379`,
        "--volume",
        `${name}:${CONTAINER_DATA_DIR}`,
      ],
      ...[IMAGE, "redis-server", "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"],
    ],
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  await untilRedisIsReady(child, { timeoutMs: 180_000 });
  return child;
}
