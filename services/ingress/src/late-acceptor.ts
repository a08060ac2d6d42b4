import type { Acceptor } from "@gateway/conversation";
import type { Redis } from "ioredis";

/**
 * An acceptor that may be created before Redis is there. BullMQ looks at Redis once, when a queue is created,
 * and a queue that failed to do so fails for good. So the real acceptor is made at the first message that
 * finds a connection, and made again until it has worked once; from then on it survives outages by itself.
 */
export function createLateAcceptor(deps: {
  connection: Pick<Redis, "status">;
  create: () => Acceptor;
}): Acceptor {
  let acceptor: Acceptor | undefined;
  let hasWorked = false;
  const discard = async (failed: Acceptor) => {
    if (hasWorked || acceptor !== failed) return;
    acceptor = undefined;
    // It may fail to close for the same reason that made it fail.
    await failed.close().catch(() => undefined);
  };
  return {
    async accept(message) {
      if (acceptor === undefined && deps.connection.status !== "ready") {
        throw new Error("Connection is closed.");
      }
      acceptor ??= deps.create();
      const used = acceptor;
      try {
        const result = await used.accept(message);
        hasWorked = true;
        return result;
      } catch (error) {
        void discard(used);
        throw error;
      }
    },
    close: async () => acceptor?.close(),
  };
}
