import type { Redis } from "ioredis";

/**
 * Lets the commands that are given within one turn of the event loop leave together. Under load a turn has many of them,
 * and a write to the socket for each costs more than all else that the client does. The connection of a cluster has no
 * socket of its own; there every command leaves at once, as it would without this.
 */
export function shareWritesOfThisTurn(redis: Redis): void {
  const socket: Redis["stream"] | undefined = redis.stream;
  if (socket === undefined || socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
