import { connect } from "node:net";
import type { HostileConnection } from "./hostile-requests.ts";

/** Says exactly these bytes on a connection of its own. Resolves when that has ended, with all that was said to it. */
export async function sayRaw(port: number, { parts, end }: HostileConnection): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  let heard = "";
  // A server that ends its side has ended the conversation; whatever we still had to say is lost.
  socket.setEncoding("latin1").on("data", (text: string) => {
    heard += text;
  });
  socket.on("end", () => socket.destroy());
  // A reset is one way of ending.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(heard)));
  for (const part of parts) {
    const gone = await Promise.race([
      closed,
      new Promise<undefined>((resolve) => socket.write(part, () => setImmediate(resolve, undefined))),
    ]);
    if (gone !== undefined) return gone;
  }
  // Kept alive, an answered connection would be idle for a while; one without an answer is the server's to end.
  const endAnswered = () => void (heard !== "" && socket.end());
  if (end === "left open") endAnswered();
  if (end === "left open") socket.on("data", endAnswered);
  if (end === "half-closed") socket.end();
  if (end === "reset") socket.resetAndDestroy();
  return closed;
}

/** The responses in it: their status, and their body where they have one. */
export function responsesIn(heard: string): { readonly status: number; readonly body: string }[] {
  return heard
    .split(/(?=HTTP\/1\.1 \d)/)
    .filter((response) => response !== "")
    .map((response) => ({
      status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(response)?.[1]),
      body: response.slice(response.indexOf("\r\n\r\n") + 4),
    }));
}
