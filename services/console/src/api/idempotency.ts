import { createHash } from "node:crypto";
import type { Keys } from "@gateway/conversation";
import type { Redis } from "ioredis";
import { ApiError } from "./api-error.ts";

const REMEMBERED_MS = 24 * 3600 * 1000;

/** A request that may be sent again: the same key makes one message. */
export interface IdempotentRequest {
  /** Follows from the key, so that every repetition means the same message. */
  readonly messageId: string;
  /** True when this very request was carried out before; 409 when the key was used for another. */
  isRepeated(): Promise<boolean>;
  /** Call it when the request is known to be good, before it is carried out. */
  claim(): Promise<void>;
}

export function readIdempotency(
  key: string | undefined,
  body: unknown,
  deps: { redis: Redis; keys: Keys },
): IdempotentRequest {
  const digest = hash(requireKey(key));
  const stored = deps.keys.flag("api", digest);
  const fingerprint = hash(JSON.stringify(body));
  const check = (found: string | null) => {
    if (found !== null && found !== fingerprint)
      throw new ApiError(409, "idempotency_key_reused", "This Idempotency-Key belongs to another message.");
    return found !== null;
  };
  return {
    messageId: `api-${digest.slice(0, 32)}`,
    isRepeated: async () => check(await deps.redis.get(stored)),
    async claim() {
      if ((await deps.redis.set(stored, fingerprint, "PX", REMEMBERED_MS, "NX")) === null)
        check(await deps.redis.get(stored));
    },
  };
}

/** @throws ApiError 400. */
export function requireKey(key: string | undefined): string {
  if (key !== undefined && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  const hint =
    "Send the header Idempotency-Key: 1 to 200 characters without blanks, the same for every try of one message.";
  throw new ApiError(400, "idempotency_key_missing", hint);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
