import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { ClientOptions } from "./redis-clients.ts";
import { trackClients } from "./redis-clients.ts";

export { type PrivateRedis, startPrivateRedis } from "./private-redis.ts";

export interface TestRedis {
  readonly url: string;
  /** Unique per call and hash-tagged, like "{t-1a2b3c4d}": test files on one server never meet. */
  readonly prefix: string;
  /** A connection that `stop` closes. */
  client(options?: ClientOptions): Redis;
  /** Closes the connections and removes every key under the prefix. */
  stop(): Promise<void>;
}

/** The run's shared Redis (started by global-setup.mjs), in a key space of the caller's own. */
export async function startRedis(): Promise<TestRedis> {
  const url = process.env.TEST_REDIS_URL;
  if (url === undefined || url === "") {
    throw new Error("TEST_REDIS_URL is not set: only the integration project starts a Redis.");
  }
  const prefix = `{t-${randomBytes(4).toString("hex")}}`;
  const clients = trackClients(url);
  return {
    url,
    prefix,
    client: clients.open,
    async stop() {
      await removeKeys(clients.open(), prefix);
      clients.closeAll();
    },
  };
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, "MATCH", `${prefix}*`, "COUNT", 500);
    cursor = next;
    if (keys.length > 0) await client.unlink(...keys);
  } while (cursor !== "0");
}
