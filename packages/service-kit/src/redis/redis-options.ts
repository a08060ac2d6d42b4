import type { RedisOptions } from "ioredis";

/**
 * `producer` answers somebody who is waiting (ingress, console) and must fail fast; `worker` waits for Redis as
 * long as it takes.
 */
export type RedisRole = "producer" | "worker";

/** Replies stay in their RESP2 shapes, the only ones that the types of Redis are about. */
export type RoleOptions = Omit<RedisOptions, "replyMapping">;

const RECONNECT_STEP_MS = 50;
const RECONNECT_LIMIT_MS = 1000;
const KEEP_ALIVE_AFTER_MS = 10_000;

/** The options of a role, each with its reason. */
export function redisOptions(role: RedisRole): RoleOptions {
  return {
    ...(role === "producer" ? PRODUCER : WORKER),
    connectionName: `gateway-${role}`,
    // A Redis that hangs does not answer the end of a connection either; the process must still end in time.
    disconnectTimeout: 500,
    // Finds a server or a firewall that has silently forgotten an idle connection; one with commands: socketTimeout.
    keepAlive: KEEP_ALIVE_AFTER_MS,
    // While Redis loads, look again this often; ioredis believes its estimate, for up to 10 s.
    maxLoadingRetryTime: 500,
    retryStrategy: reconnectDelayMs,
    // After a failover the old primary answers READONLY: connect anew, then send the command again.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 2 : false),
  };
}

/** A quick, steady retry: backing off for longer leaves a process blind for seconds after Redis is back. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(RECONNECT_STEP_MS * attempt, RECONNECT_LIMIT_MS);
}

const PRODUCER: RoleOptions = {
  // While Redis is down a command fails at once, instead of waiting in a queue for longer than WeCom does.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  // A Redis that hangs keeps the connection open: only a limit per command notices.
  commandTimeout: 1500,
  // Nothing at all came in answer to anything: the connection is lost, whatever TCP says for the next quarter of an
  // hour. A new one, while the caller still waits.
  socketTimeout: 2000,
  connectTimeout: 1000,
};

const WORKER: RoleOptions = {
  // BullMQ requires it: a blocking read waits through an outage and goes on afterwards.
  maxRetriesPerRequest: null,
  // No commandTimeout: it would end the blocking reads that wait for jobs.
  // The same, beyond the longest blocking read, which is BullMQ's 10 s.
  socketTimeout: 15_000,
  connectTimeout: 5000,
};
