import { createHash, randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { acquireScript, failScript, invalidateScript, publishScript } from "./access-token-scripts.ts";
import { boundedRedis } from "./bounded-redis.ts";
import { WecomError } from "./errors.ts";
import { fetchToken } from "./fetch-token.ts";
import type { WecomLogger } from "./logger.ts";
import { pausedError, pauseFor, REFUSED_TOO_OFTEN, serializeFailure } from "./token-pause.ts";
import type { Transport } from "./transport.ts";

/**
 * One app's access token, shared by all processes through Redis: one of them fetches, the others wait for
 * it; one fetches ahead of expiry while the others go on with the old one; and when WeCom refuses the
 * credentials, all of them stop asking for a while (repeated wrong secrets block the address for an hour,
 * WeCom doc 90312).
 */
export interface AccessTokens {
  /** Fails with a WecomError that is never "unknown": without a token nothing was sent. */
  get(): Promise<string>;
  /** Drops the token WeCom refused, unless a newer one has taken its place. */
  invalidate(refusedToken: string): Promise<void>;
  /** Waits for a refresh that is under way. */
  close(): Promise<void>;
}

export interface AccessTokensOptions {
  readonly corpId: string;
  readonly agentId: string;
  readonly corpSecret: string;
  readonly redis: Redis;
  readonly prefix: string;
  readonly transport: Transport;
  readonly logger: WecomLogger;
  /** For one gettoken call. The lease outlives it by a second. */
  readonly fetchTimeoutMs: number;
}

const REFRESH_AHEAD_MS = 5 * 60_000;
const REFRESH_JITTER_MS = 60_000;
const POLL_MS = { min: 40, max: 120 };
const REFUSALS = { allowed: 5, windowMs: 60_000, pauseMs: 60_000 };

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { redis, logger, fetchTimeoutMs } = options;
  const app = `${options.corpId}/${options.agentId}`;
  const context = { api: "gettoken", app };
  const keys = tokenKeys(options);
  const leaseMs = fetchTimeoutMs + 1_000;
  const refreshAheadMs = REFRESH_AHEAD_MS + randomInt(REFRESH_JITTER_MS);
  let pending: Promise<string> | undefined;
  let refreshing: Promise<unknown> = Promise.resolve();

  const acquire = async (): Promise<string> => {
    // Long enough to outlive a holder that died and a successor that takes its time.
    const giveUpAtMs = performance.now() + 2 * leaseMs;
    const leaseId = randomUUID();
    for (;;) {
      const [state, value, leftMs] = await step(leaseId);
      if (state === "token") return value;
      if (state === "fetch") return fetchAndPublish(leaseId);
      if (state === "refresh") {
        refreshing = fetchAndPublish(leaseId).catch(() => undefined);
        return value;
      }
      if (state === "paused") throw pausedError(context, value, leftMs);
      if (performance.now() > giveUpAtMs) throw waitedTooLong(context);
      await delay(randomInt(POLL_MS.min, POLL_MS.max));
    }
  };

  const step = async (leaseId: string): Promise<[state: string, value: string, leftMs: number]> => {
    const args = [leaseId, leaseMs, refreshAheadMs];
    const run = () => acquireScript(redis, [keys.token, keys.lease, keys.pause], args);
    const reply = await boundedRedis(context, run);
    const [state, value, leftMs] = Array.isArray(reply) ? reply : [];
    return [String(state), String(value ?? ""), Number(leftMs ?? 0)];
  };

  const fetchAndPublish = async (leaseId: string): Promise<string> => {
    try {
      const { token, lifeMs } = await fetchToken(options.transport, options, fetchTimeoutMs);
      logger.info({ app, lifeMs }, "fetched an access token");
      const run = () =>
        publishScript(redis, [keys.token, keys.lease, keys.pause, keys.counts], [leaseId, token, lifeMs]);
      return String(await boundedRedis(context, run));
    } catch (error) {
      await reportFailure(leaseId, error);
      throw error;
    }
  };

  const reportFailure = async (leaseId: string, error: unknown): Promise<void> => {
    // Without Redis there is nobody to tell; the lease stays until it expires, which slows the next attempt.
    if (!(error instanceof WecomError) || error.code === "redis_unavailable") return;
    const { group, firstMs, longestMs } = pauseFor(error.kind);
    const args = [leaseId, group, firstMs, longestMs, serializeFailure(error)];
    const run = () => failScript(redis, [keys.lease, keys.pause, keys.counts], args);
    const pauseMs = await boundedRedis(context, run).catch(() => 0);
    const level = group === "credentials" ? "error" : "warn";
    logger[level]({ app, code: error.code, pauseMs, hint: error.hint }, "could not fetch an access token");
  };

  return {
    get() {
      if (pending === undefined) {
        const mine = acquire().finally(() => {
          if (pending === mine) pending = undefined;
        });
        pending = mine;
      }
      return pending;
    },
    async invalidate(refusedToken) {
      // Whoever asks from now on must not join a get() that may have read the refused token already.
      pending = undefined;
      const failure = serializeFailure(REFUSED_TOO_OFTEN);
      const args = [refusedToken, REFUSALS.allowed, REFUSALS.windowMs, REFUSALS.pauseMs, failure];
      const run = () => invalidateScript(redis, [keys.token, keys.pause, keys.counts], args);
      const refused = Number(await boundedRedis(context, run));
      if (refused > 0) logger.warn({ app, refused }, "WeCom refused the access token before its time");
    },
    async close() {
      await refreshing;
    },
  };
}

/** The fingerprint sets a changed secret apart from the old one's token and failures, and gives nothing away. */
export function tokenKeys({
  prefix,
  corpId,
  agentId,
  corpSecret,
}: Pick<AccessTokensOptions, "prefix" | "corpId" | "agentId" | "corpSecret">) {
  const fingerprint = createHash("sha256")
    .update(`${corpId}\n${agentId}\n${corpSecret}`)
    .digest("hex")
    .slice(0, 16);
  const key = (name: string) => `${prefix}:access-token:${corpId}:${agentId}:${fingerprint}:${name}`;
  return { token: key("token"), lease: key("lease"), pause: key("pause"), counts: key("counts") };
}

function waitedTooLong(context: { readonly api: string; readonly app: string }): WecomError {
  return new WecomError({
    ...context,
    code: "token_wait_timeout",
    kind: "not_sent",
    summary: "other processes did not get an access token in time",
    hint: "Nothing was sent. Try again; if this repeats, check the connection to WeCom and to Redis.",
  });
}
