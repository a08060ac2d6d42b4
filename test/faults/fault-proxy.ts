import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pump } from "./pump.ts";
import { createRandom } from "./random.ts";
import type { Toxic } from "./toxics.ts";
import { carry } from "./toxics.ts";

type Matches = (bytes: string) => boolean;

/** Stands between two processes that speak over TCP, and does to their connections what a test wants. */
export interface FaultProxy {
  readonly port: number;
  /** host:port. */
  readonly address: string;
  /** Puts a toxic in the place of the one before, for connections that are open and those to come. */
  put(toxic: Toxic): Promise<void>;
  /** Takes the toxic off. */
  clear(): Promise<void>;
  /** Connections of clients that are open. */
  connections(): number;
  /** Breaks the connection in place of the next answer that matches; the server has carried the request out by then. */
  loseAnswer(matches: Matches): Promise<void>;
  /** Holds back the next request that matches, with all that follows on its connection. */
  holdRequest(matches: Matches): { readonly held: Promise<void>; release(): void };
  /**
   * Stops the world at the next request that matches, before the server gets it or after it has answered: resolves
   * there, and nothing is passed on over that connection from then on.
   */
  cutAt(point: CutPoint): Promise<void>;
  close(): Promise<void>;
}

export interface CutPoint {
  readonly match: Matches;
  readonly when: "before" | "after";
}

interface Rule {
  readonly matches: Matches;
  readonly done: () => void;
}

interface Hold extends Rule {
  readonly released: Promise<void>;
}

interface Cut extends Rule {
  readonly when: CutPoint["when"];
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** Since the toxic was put on. */
  answeredBytes: number;
  /** Passes nothing on any more: it has lived through half-open, or is cut. */
  dead: boolean;
  /** Not even that one side has ended it: the other one has vanished, and what has vanished tells nothing. */
  vanished: boolean;
  /** Is cut in place of its next answer. */
  cut: Cut | undefined;
}

const RESET_AFTER_MS = 20;
/** A proxy in front of a port of this machine. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const losses: Rule[] = [];
  const holds: Hold[] = [];
  const cuts: Cut[] = [];
  const connections = new Set<Connection>();
  const random = createRandom(targetPort);
  let toxic: Toxic | undefined;

  const request = (connection: Connection, bytes: Buffer, arrivedMs: number) => {
    const hold = take(holds, bytes);
    hold?.done();
    connection.cut ??= take(cuts, bytes);
    if (connection.cut?.when === "before") cut(connection, connection.cut);
    return async () => {
      if (hold !== undefined) await untilReleased(connection, hold);
      if (!connection.dead) await carry(bytes, connection.server, { toxic, arrivedMs, random });
    };
  };
  const answer = (connection: Connection, bytes: Buffer, arrivedMs: number) => {
    if (connection.cut !== undefined) cut(connection, connection.cut);
    const loss = take(losses, bytes);
    if (loss !== undefined) {
      connection.client.destroy();
      loss.done();
    }
    return async () => {
      if (connection.dead) return;
      if (toxic?.kind !== "reset" && toxic?.kind !== "limit")
        return await carry(bytes, connection.client, { toxic, arrivedMs, random });
      const allowed = (toxic.kind === "reset" ? toxic.afterBytes : toxic.bytes) - connection.answeredBytes;
      connection.answeredBytes += bytes.length;
      if (allowed > 0) connection.client.write(bytes.subarray(0, allowed));
      if (allowed >= bytes.length) return;
      if (toxic.kind === "limit") return connection.client.destroySoon();
      // An RST discards what its receiver has not read yet.
      await sleep(RESET_AFTER_MS);
      connection.client.resetAndDestroy();
    };
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
    const connection = {
      client,
      server,
      answeredBytes: 0,
      dead: toxic?.kind === "half-open",
      vanished: toxic?.kind === "half-open",
      cut: undefined,
    };
    connections.add(connection);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true).on("error", () => connection.vanished || other.destroy());
      socket.on("close", () => {
        if (client.destroyed && server.destroyed) connections.delete(connection);
        // The other side gets what was written before.
        if (!connection.vanished) other.destroySoon();
      });
    }
    const endOf = (socket: Socket) => () => void (connection.vanished || socket.end());
    pump(client, (bytes, atMs) => request(connection, bytes, atMs), endOf(server));
    pump(server, (bytes, atMs) => answer(connection, bytes, atMs), endOf(client));
  });
  const port = await listen(listener, 0);
  const put = async (next: Toxic | undefined) => {
    toxic = next;
    for (const connection of connections) {
      connection.answeredBytes = 0;
      if (next?.kind !== "half-open") continue;
      connection.dead = true;
      connection.vanished = true;
    }
    if (next?.kind === "down") await stopListening(listener, connections);
    else if (!listener.listening) await listen(listener, port);
  };

  return {
    port,
    address: `127.0.0.1:${port}`,
    put,
    clear: () => put(undefined),
    connections: () => [...connections].filter(({ client }) => !client.destroyed).length,
    loseAnswer: (matches) => new Promise((done) => losses.push({ matches, done })),
    holdRequest(matches) {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const held = new Promise<void>((done) => holds.push({ matches, done, released }));
      return { held, release };
    },
    cutAt: ({ match, when }) => new Promise((done) => cuts.push({ matches: match, when, done })),
    close: () => stopListening(listener, connections),
  };
}

function cut(connection: Connection, { done }: Cut): void {
  connection.dead = true;
  done();
}

/** Or until its sender is gone, and the request with it. */
function untilReleased(connection: Connection, { released }: Hold): Promise<void> {
  return new Promise((resolve) => {
    const gone = () => {
      connection.dead = true;
      resolve();
    };
    connection.client.once("end", gone);
    void released.then(() => {
      connection.client.off("end", gone);
      resolve();
    });
  });
}

function take<Item extends Rule>(rules: Item[], bytes: Buffer): Item | undefined {
  if (rules.length === 0) return undefined;
  const text = bytes.toString("latin1");
  const index = rules.findIndex(({ matches }) => matches(text));
  return index < 0 ? undefined : rules.splice(index, 1)[0];
}

async function listen(listener: Server, port: number): Promise<number> {
  listener.listen(port, "127.0.0.1");
  await once(listener, "listening");
  return (listener.address() as AddressInfo).port;
}

async function stopListening(listener: Server, connections: ReadonlySet<Connection>): Promise<void> {
  const closed = listener.listening ? once(listener, "close") : undefined;
  if (closed !== undefined) listener.close();
  for (const { client, server } of connections) {
    client.destroy();
    server.destroy();
  }
  await closed;
}
