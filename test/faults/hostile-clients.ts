import type { Socket } from "node:net";
import { connect } from "node:net";
import { spawnProcess } from "../support/process.ts";
import { readProcessUse } from "./process-use.ts";

/** What a client does that keeps a connection for itself. */
export type SlowKind = "headers" | "body" | "idle";

/** Something that presses on an ingress until it is told to end. */
export interface Pressure {
  /** In words, for the log. */
  end(): Promise<string>;
}

const DRIBBLE_EVERY_MS = 1000;
const GET = "GET /health HTTP/1.1\r\nHost: gateway\r\n";
const OPENINGS: Readonly<Record<SlowKind, (path: string) => string>> = {
  headers: () => GET,
  body: (path) => `POST ${path} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 60000\r\n\r\n`,
  idle: () => `${GET}\r\n`,
};
const DRIBBLES: Readonly<Record<SlowKind, string>> = { headers: "X-More: 1\r\n", body: "<", idle: "" };

export interface SlowClients extends Pressure {
  /** The most that were held at the same time, as the other side counts its sockets, or we ours where /proc is missing. */
  held(): number;
}

/** So many connections, and a new one for each that is cut. The first ones are accepted when it resolves, or it fails. */
export async function holdSlowClients(
  { port, pid }: { readonly port: number; readonly pid: number },
  path: string,
  kinds: readonly SlowKind[],
  count: number,
): Promise<SlowClients> {
  const sockets = new Map<Socket, SlowKind>();
  let isOver = false;
  let cut = 0;
  let most = 0;
  const look = () => {
    const connected = [...sockets.keys()].filter(({ readyState }) => readyState === "open").length;
    most = Math.max(most, readProcessUse(pid)?.sockets ?? connected);
  };
  const open = (kind: SlowKind) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.write(OPENINGS[kind](path));
        resolve();
      });
      sockets.set(socket, kind);
      socket.on("data", () => undefined).on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        // Of no effect on one that was accepted before.
        reject(new Error(`a connection of kind ${kind} was refused`));
        if (isOver) return;
        cut += 1;
        setTimeout(() => {
          // Refused now, it comes again: that is pressure, too.
          if (!isOver) open(kind).catch(() => undefined);
        }, DRIBBLE_EVERY_MS);
      });
    });
  const first = Array.from({ length: count }, (_, place) => open(kinds[place % kinds.length] ?? "idle"));
  await Promise.all(first).catch((error: unknown) => {
    isOver = true;
    throw error;
  });
  look();
  const timer = setInterval(() => {
    look();
    for (const [socket, kind] of sockets) if (socket.writable) socket.write(DRIBBLES[kind]);
  }, DRIBBLE_EVERY_MS);
  return {
    held: () => most,
    async end() {
      isOver = true;
      clearInterval(timer);
      for (const socket of sockets.keys()) socket.destroy();
      return `${most} connections held at the same time, ${cut} cut and opened again`;
    },
  };
}

export interface Flood extends Pressure {
  /** After its end: how many answers there were, by status. */
  readonly statuses: ReadonlyMap<string, number>;
}

/** As many forged requests in a second as are asked for, or as many as are answered, from a process of its own. */
export function floodWith(request: string, port: number, perSecond: number): Flood {
  const statuses = new Map<string, number>();
  const forger = spawnProcess({
    name: "forger",
    command: process.execPath,
    args: ["test/faults/forger.mjs"],
    env: {
      FORGED: Buffer.from(request).toString("base64"),
      PORT: String(port),
      PER_SECOND: String(perSecond),
    },
  });
  return {
    statuses,
    async end() {
      await forger.kill("SIGTERM");
      const told = JSON.parse(forger.logs()) as { statuses: Record<string, number>; seconds: number };
      for (const [status, count] of Object.entries(told.statuses)) statuses.set(status, count);
      const answered = Object.values(told.statuses).reduce((sum, count) => sum + count, 0);
      return `${Math.round(answered / told.seconds)} a second answered: ${JSON.stringify(told.statuses)}`;
    },
  };
}
