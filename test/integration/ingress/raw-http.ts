import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

export interface RawConnection {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): string;
  /** Resolves when the connection has ended, in whatever way, with everything received. */
  readonly closed: Promise<string>;
}

/** A TCP connection that sends exactly the bytes it is told to. */
export async function openConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1" });
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  // A reset is one way of closing.
  socket.on("error", () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once("close", () => resolve(text));
  });
  await once(socket, "connect");
  return { socket, received: () => text, closed };
}

/** Sends one request byte by byte as given and returns all that comes back until the server closes. */
export async function exchange(
  port: number,
  head: readonly string[],
  body: string | Buffer = "",
): Promise<string> {
  const { socket, closed } = await openConnection(port);
  socket.write(`${head.join("\r\n")}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  socket.write(body);
  return closed;
}

export function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);
}
