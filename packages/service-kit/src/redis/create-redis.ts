import { Cluster, Redis } from "ioredis";
import type { RedisTarget } from "./parse-redis-url.ts";
import { parseRedisUrl } from "./parse-redis-url.ts";
import type { RedisRole, RoleOptions } from "./redis-options.ts";
import { reconnectDelayMs, redisOptions } from "./redis-options.ts";
import { ReconnectingSentinelConnector } from "./sentinel-connector.ts";

/**
 * A connection in the given role, to what `url` names (see parseRedisUrl): one server, the primary that sentinels
 * know, or a cluster. Whoever creates it closes it. Connection errors go to onError as new errors without the
 * command that failed (AUTH has the password in it); ioredis reconnects by itself.
 */
export function createRedis(
  url: string,
  role: RedisRole,
  onError: (error: Error) => void = () => undefined,
): Redis {
  const target = parseRedisUrl(url);
  if (target === undefined) throw new TypeError("The Redis URL cannot be read.");
  const redis = connect(url, target, redisOptions(role));
  // Without a listener ioredis prints connection errors itself, past the logger.
  redis.on("error", (error: Error) => onError(withoutCommand(error)));
  return redis;
}

function connect(url: string, target: RedisTarget, options: RoleOptions): Redis {
  if (target.kind === "single") return new Redis(url, options);
  const login = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
  };
  const nodes = [...target.hosts];
  if (target.kind === "sentinel") {
    return new Redis({
      ...{ ...options, ...login, sentinels: nodes, name: target.name, db: target.database },
      ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
      ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      ...{ sentinelRetryStrategy: reconnectDelayMs, failoverDetector: true },
      Connector: ReconnectingSentinelConnector,
    });
  }
  const cluster = new Cluster(nodes, {
    redisOptions: { ...options, ...login },
    enableOfflineQueue: options.enableOfflineQueue ?? true,
    clusterRetryStrategy: reconnectDelayMs,
    slotsRefreshTimeout: 3000,
    // With it, a connect() during a failover never settles (ioredis 6.0), and a BullMQ worker waits for it for ever.
    enableReadyCheck: false,
    // Certificates are for names: managed clusters answer with the names of their nodes.
    ...(target.tls ? { dnsLookup: (address, found) => found(null, address) } : {}),
  });
  // It has the commands of a single connection, and all our keys are in one slot. Nothing beyond this room asks for more.
  return cluster as unknown as Redis;
}

function withoutCommand(error: Error): Error {
  const reason =
    error.message === "" && error instanceof AggregateError ? firstMessage(error) : error.message;
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  return Object.assign(new Error(`Redis connection: ${reason}`), code);
}

/** Node tries each address of a name and reports the failures together, without a message of its own. */
function firstMessage(error: AggregateError): string {
  const [first] = error.errors;
  return first instanceof Error ? first.message : "failed";
}
