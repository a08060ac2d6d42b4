import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { PrivateRedis } from "../support/private-redis.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A state in which a real Redis answers, but not as one hopes. */
export interface RedisState {
  readonly name: string;
  /** Resolves once Redis was seen to be in it. */
  begin(): Promise<void>;
  end(): Promise<void>;
}

const KEYS_TO_LOAD = 20_000;
const LOAD_DELAY_MICROSECONDS = 150;

/** The states in which Redis refuses writes, or everything, and says why. */
export function redisStates(server: PrivateRedis): readonly RedisState[] {
  const operator = server.client({ enableReadyCheck: false });
  return [
    loading(server, operator),
    {
      name: "read-only",
      async begin() {
        // Of a primary that is not there: nothing is copied over what it has.
        await operator.replicaof("127.0.0.1", 1);
        await untilRefused(operator, "READONLY");
      },
      end: async () => void (await operator.replicaof("NO", "ONE")),
    },
    {
      name: "out-of-memory",
      async begin() {
        await operator.config("SET", "maxmemory", "1");
        await untilRefused(operator, "OOM");
      },
      end: async () => void (await operator.config("SET", "maxmemory", "0")),
    },
    misconf(server, operator),
    {
      name: "busy",
      async begin() {
        await operator.config("SET", "busy-reply-threshold", "100");
        // Somebody's script, on a connection of its own. It ends with an error when it is killed.
        server
          .client()
          .eval("while true do end", 0)
          .catch(() => undefined);
        await untilRefused(operator, "BUSY");
      },
      end: async () => void (await operator.script("KILL")),
    },
  ];
}

/** Until Redis refuses a write with this word. The connection must not wait until Redis is well: no ready check. */
export const untilRefused = (redis: Redis, word: string) =>
  waitUntil(`Redis answers ${word}`, async () => (await refusalOf(redis)).startsWith(word));

/** What Redis says to a write, "" when it takes it. */
async function refusalOf(redis: Redis): Promise<string> {
  return await redis.set("probe", "1", "PX", 1000).then(
    () => "",
    (error: Error) => error.message,
  );
}

/** Killed with much to load, which it does slowly. */
function loading(server: PrivateRedis, operator: Redis): RedisState {
  let restarted: Promise<void> = Promise.resolve();
  return {
    name: "loading",
    async begin() {
      const filling = operator.pipeline();
      for (let key = 0; key < KEYS_TO_LOAD; key += 1) filling.set(`ballast:${key}`, "x");
      await filling.exec();
      await server.kill("SIGKILL");
      restarted = server.restart(["--key-load-delay", String(LOAD_DELAY_MICROSECONDS)]);
      restarted.catch(() => undefined);
      await untilRefused(operator, "LOADING");
    },
    async end() {
      await restarted;
    },
  };
}

/** A snapshot could not be written; Redis refuses writes until one can. */
function misconf(server: PrivateRedis, operator: Redis): RedisState {
  const inTheWay = join(server.dir, "dump.rdb");
  return {
    name: "snapshot-failed",
    async begin() {
      await mkdir(inTheWay);
      await operator.config("SET", "save", "86400 1000000");
      await operator.bgsave();
      await untilRefused(operator, "MISCONF");
    },
    async end() {
      await rmdir(inTheWay);
      await operator.bgsave();
      await waitUntil("Redis takes writes again", async () => (await refusalOf(operator)) === "");
      await operator.config("SET", "save", "");
    },
  };
}
