import type { RedisOptions } from "ioredis";
import { Redis } from "ioredis";

/** ioredis ties `replyMapping` to the type of the client, so it cannot be passed through. */
export type ClientOptions = Omit<RedisOptions, "replyMapping">;

/** Opens connections and closes them all together. */
export function trackClients(url: string): { open(options?: ClientOptions): Redis; closeAll(): void } {
  const opened: Redis[] = [];
  return {
    open(options) {
      const client = new Redis(url, { maxRetriesPerRequest: null, disconnectTimeout: 100, ...options });
      // Fault tests take the server away on purpose; without a listener ioredis prints every error.
      client.on("error", () => {});
      opened.push(client);
      return client;
    },
    closeAll() {
      for (const client of opened.splice(0)) client.disconnect();
    },
  };
}
