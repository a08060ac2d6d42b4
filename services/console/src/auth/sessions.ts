import { createHash, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";

/** A session ends after this long without a request. An open page polls, so it keeps its session alive. */
const IDLE_LIMIT_MS = 2 * 60 * 60_000;
/** A session ends after this long whatever happens. */
export const SESSION_LIMIT_MS = 12 * 60 * 60_000;

const ID_SHAPE = /^[\w-]{43}$/;

const storedSession = z.object({ user: z.string(), fingerprint: z.string(), createdAtMs: z.number() });

export interface Session {
  readonly user: string;
  readonly createdAtMs: number;
}

export interface Sessions {
  /** Resolves to the new session's id: 256 random bits, known only to the browser it is given to. */
  open(user: string): Promise<string>;
  /** The live session of an id, or undefined. Rejects when Redis cannot be asked. */
  find(id: string | undefined): Promise<Session | undefined>;
  close(id: string | undefined): Promise<void>;
}

/**
 * Operator sessions in Redis, so that any console process accepts what another one opened.
 * Redis holds only a digest of the id: somebody who reads Redis cannot sign in with what they find.
 */
export function createSessions(deps: {
  redis: Redis;
  prefix: string;
  fingerprint: string;
  now: () => number;
}): Sessions {
  const { redis, fingerprint, now } = deps;
  const keyOf = (id: string) =>
    `${deps.prefix}:console:session:${createHash("sha256").update(id).digest("hex")}`;
  return {
    async open(user) {
      const id = randomBytes(32).toString("base64url");
      await redis.set(
        keyOf(id),
        JSON.stringify({ user, fingerprint, createdAtMs: now() }),
        "PX",
        IDLE_LIMIT_MS,
      );
      return id;
    },
    async find(id) {
      if (id === undefined || !ID_SHAPE.test(id)) return undefined;
      const key = keyOf(id);
      const stored = await redis.get(key);
      if (stored === null) return undefined;
      const session = storedSession.parse(JSON.parse(stored));
      const remainingMs = session.createdAtMs + SESSION_LIMIT_MS - now();
      if (session.fingerprint !== fingerprint || remainingMs <= 0) {
        await redis.del(key);
        return undefined;
      }
      await redis.pexpire(key, Math.min(IDLE_LIMIT_MS, remainingMs));
      return { user: session.user, createdAtMs: session.createdAtMs };
    },
    async close(id) {
      if (id !== undefined && ID_SHAPE.test(id)) await redis.del(keyOf(id));
    },
  };
}
