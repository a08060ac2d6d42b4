import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";

export interface FakeProxy {
  readonly url: string;
  /** Targets and credentials of the CONNECT requests, in order. */
  readonly connects: { readonly target: string; readonly authorization: string | undefined }[];
  stop(): Promise<void>;
}

/** A CONNECT proxy; `refuse` makes it answer something else than a tunnel. */
export async function startFakeProxy(refuse?: (socket: Socket) => void): Promise<FakeProxy> {
  const connects: FakeProxy["connects"] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => void response.writeHead(500).end("not a CONNECT"));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.on("connect", (request, socket: Socket) => {
    connects.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    if (refuse !== undefined) return refuse(socket);
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
