import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

type Matches = (bytes: string) => boolean;

/** Stands between the gateway and Redis, and lets a test decide what happens between two steps. */
export interface RedisProxy {
  readonly url: string;
  /** Breaks the connection in place of the next answer that matches; Redis has carried the command out by then. */
  loseAnswer(matches: Matches): Promise<void>;
  /** Holds back the next request that matches, with all that follows on its connection. */
  holdRequest(matches: Matches): { readonly held: Promise<void>; release(): void };
  close(): Promise<void>;
}

interface Rule {
  readonly matches: Matches;
  readonly done: () => void;
}

interface Hold extends Rule {
  readonly released: Promise<void>;
}

export async function startRedisProxy(redisPort: number): Promise<RedisProxy> {
  const losses: Rule[] = [];
  const holds: Hold[] = [];
  const sockets = new Set<Socket>();
  const take = <Item extends Rule>(rules: Item[], bytes: Buffer): Item | undefined => {
    const text = bytes.toString("latin1");
    const index = rules.findIndex(({ matches }) => matches(text));
    return index < 0 ? undefined : rules.splice(index, 1)[0];
  };
  const server = createServer((client) => {
    const redis = connect(redisPort, "127.0.0.1");
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.setNoDelay(true).on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    let order = Promise.resolve();
    client.on("data", (bytes: Buffer) => {
      const hold = take(holds, bytes);
      hold?.done();
      order = order.then(() => hold?.released).then(() => void redis.write(bytes));
    });
    redis.on("data", (bytes: Buffer) => {
      const loss = take(losses, bytes);
      if (loss === undefined) return void client.write(bytes);
      client.destroy();
      loss.done();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswer: (matches) => new Promise((done) => losses.push({ matches, done })),
    holdRequest(matches) {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const held = new Promise<void>((done) => holds.push({ matches, done, released }));
      return { held, release };
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
