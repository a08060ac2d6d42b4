import { isIP } from "node:net";
import type { Request } from "express";

/** Whom a request comes from. Behind the proxies that are trusted that is whom they name, if it is an address at all. */
export function addressOf(req: Pick<Request, "ip" | "socket">): string {
  const { ip = "", socket } = req;
  return isIP(ip) === 0 ? (socket.remoteAddress ?? "") : ip;
}
