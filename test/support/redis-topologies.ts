import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../../scripts/lib/ports.mjs";
import { findRedisServer } from "../../scripts/lib/redis-server.mjs";
import type { PrivateRedis } from "./private-redis.ts";
import { startPrivateRedis } from "./private-redis.ts";
import type { SpawnedProcess } from "./process.ts";
import { spawnProcess } from "./process.ts";
import { waitUntil } from "./wait-until.ts";

export interface Topology {
  /** As REDIS_URL takes it. */
  readonly url: string;
  /** kill -9 of the server that has the keys of this prefix, once its replica has them, too. Resolves when it is gone. */
  killPrimary(prefix: string): Promise<void>;
  stop(): Promise<void>;
}

const FAILOVER_MS = 2000;
const HOST = "127.0.0.1";

/** A primary, a replica and three sentinels: real processes. */
export async function startSentinels(login: { username: string; password: string }): Promise<Topology> {
  const { username, password } = login;
  const acl = ["--user", username, "on", `>${password}`, "~*", "&*", "+@all", "--user", "default", "off"];
  const asReplica = ["--masteruser", username, "--masterauth", password];
  const primary = await startPrivateRedis({ extraArgs: [...acl, ...asReplica] });
  const replicaOf = ["--replicaof", HOST, String(primary.port)];
  const replica = await startPrivateRedis({ extraArgs: [...acl, ...asReplica, ...replicaOf] });
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const sentinels = await Promise.all(
    ports.map((port) =>
      startSentinel(port, [
        `sentinel monitor main ${HOST} ${primary.port} 2`,
        `sentinel auth-user main ${username}`,
        `sentinel auth-pass main ${password}`,
        `sentinel down-after-milliseconds main ${FAILOVER_MS}`,
        "sentinel failover-timeout main 5000",
      ]),
    ),
  );
  await Promise.all(ports.map(untilAllIsKnown));
  const hosts = ports.map((port) => `${HOST}:${port}`).join();
  return {
    url: `redis-sentinel://${username}:${password}@${hosts}/main`,
    async killPrimary() {
      const client = new Redis({ port: primary.port, username, password });
      await client.set("last-write", "1");
      await client.wait(1, 10_000);
      client.disconnect();
      await primary.kill();
    },
    async stop() {
      await Promise.all(sentinels.map((sentinel) => sentinel.kill()));
      await Promise.all([primary.stop(), replica.stop()]);
    },
  };
}

async function startSentinel(port: number, settings: readonly string[]): Promise<SpawnedProcess> {
  const dir = await mkdtemp(join(process.env.TEST_RUN_DIR ?? tmpdir(), "sentinel-"));
  const file = join(dir, "sentinel.conf");
  await writeFile(file, [`port ${port}`, `bind ${HOST}`, `dir ${dir}`, ...settings, ""].join("\n"));
  const command = findRedisServer(process.env) ?? "redis-server";
  return spawnProcess({ name: "sentinel", command, args: [file, "--sentinel"] });
}

/** A sentinel that does not know the replica and the two others yet cannot agree to a failover. */
async function untilAllIsKnown(port: number): Promise<void> {
  const client = new Redis({ port, maxRetriesPerRequest: null });
  await waitUntil("the sentinel knows the replica and the others", async () => {
    const state = String(await client.call("SENTINEL", "MASTER", "main"));
    return /num-slaves,1,num-other-sentinels,2,/.test(state) && /,flags,master,/.test(state);
  });
  client.disconnect();
}

/** Three primaries with a replica each: six real processes. */
export async function startCluster(): Promise<Topology> {
  const extraArgs = ["--cluster-enabled", "yes", "--cluster-node-timeout", String(FAILOVER_MS)];
  const nodes = await Promise.all(Array.from({ length: 6 }, () => startPrivateRedis({ extraArgs })));
  const addresses = nodes.map(({ port }) => `${HOST}:${port}`);
  const args = ["--cluster", "create", ...addresses, "--cluster-replicas", "1", "--cluster-yes"];
  const creating = spawnProcess({ name: "redis-cli", command: "redis-cli", args });
  const { code } = await creating.exited;
  if (code !== 0) throw new Error(`the cluster was not created:\n${creating.logs()}`);
  await waitUntil("every node of the cluster agrees", async () => {
    const states = await Promise.all(nodes.map((node) => node.client().cluster("INFO")));
    return states.every((state) => state.includes("cluster_state:ok"));
  });
  return {
    url: `redis-cluster://${addresses.slice(0, 3).join()}`,
    async killPrimary(prefix) {
      const holder = await holderOf(nodes, `${prefix}:last-write`);
      const client = holder.client();
      await client.set(`${prefix}:last-write`, "1");
      await client.wait(1, 10_000);
      await holder.kill();
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** The primary that takes a write of this key. */
async function holderOf(nodes: readonly PrivateRedis[], key: string): Promise<PrivateRedis> {
  for (const node of nodes) {
    const answer = await node
      .client()
      .set(key, "0")
      .catch(() => undefined);
    if (answer === "OK") return node;
  }
  throw new Error("no node takes the key");
}
