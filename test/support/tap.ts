import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** Where to cut: at the first request whose bytes match, before the other side gets it or after it has answered. */
export interface CutPoint {
  readonly match: (request: string) => boolean;
  readonly when: "before" | "after";
}

export interface Tap {
  readonly port: number;
  /** Resolves when the armed point is reached; nothing is passed on over that connection from then on. */
  arm(point: CutPoint): Promise<void>;
  close(): Promise<void>;
}

/** A TCP proxy between a process and what it talks to, which can stop the world at an exact step. */
export async function startTap(target: { host: string; port: number }): Promise<Tap> {
  const sockets = new Set<Socket>();
  let armed: { point: CutPoint; reached: () => void } | undefined;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    let cut: "none" | "waiting" | "done" = "none";
    const reach = () => {
      cut = "done";
      armed?.reached();
      armed = undefined;
    };
    client.on("data", (data) => {
      if (cut === "done") return;
      if (armed?.point.match(data.toString("latin1"))) {
        if (armed.point.when === "before") return reach();
        cut = "waiting";
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (cut === "done") return;
      if (cut === "waiting") return reach();
      client.write(data);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    arm: (point) =>
      new Promise((reached) => {
        armed = { point, reached };
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
