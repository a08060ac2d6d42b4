/** Where Redis is, in one of the three ways in which people run it. */
export type RedisTarget = SingleTarget | SentinelTarget | ClusterTarget;

interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

interface SingleTarget extends Login {
  readonly kind: "single";
}

interface SentinelTarget extends Login {
  readonly kind: "sentinel";
  readonly hosts: readonly RedisHost[];
  /** What the sentinels call the primary. */
  readonly name: string;
  readonly database: number;
  /** For the sentinels themselves, where they ask for one. */
  readonly sentinelPassword?: string;
}

interface ClusterTarget extends Login {
  readonly kind: "cluster";
  /** Some of its nodes; the others are found through them. */
  readonly hosts: readonly RedisHost[];
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

const URL_LIMIT_CHARS = 2048;
const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6379;
const MANY_HOSTS =
  /^(?<scheme>rediss?)-(?<kind>sentinel|cluster):\/\/(?:(?<login>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;

/**
 * redis://user:password@host:6379/0, redis-sentinel://user:password@host:26379,host/name/0 (the sentinels' own password
 * as ?sentinel_password=), redis-cluster://user:password@host:6379,host. rediss in front means TLS. Undefined for
 * anything else.
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  if (text.length > URL_LIMIT_CHARS) return undefined;
  const groups = MANY_HOSTS.exec(text)?.groups;
  if (groups === undefined) return parseSingle(text);
  const { kind, path = "", query = "" } = groups;
  const hosts = parseHosts(groups.hosts ?? "", kind === "sentinel" ? SENTINEL_PORT : REDIS_PORT);
  const login = parseLogin(groups.login ?? "", groups.scheme === "rediss");
  if (hosts === undefined || login === undefined) return undefined;
  if (kind === "cluster") return path === "" && query === "" ? { kind, ...login, hosts } : undefined;
  return parseSentinel(path, query, { ...login, hosts });
}

function parseSingle(text: string): RedisTarget | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  const isRedis = protocol === "redis:" || protocol === "rediss:";
  if (!isRedis || hostname === "" || !/^(?:\/\d{0,4})?$/.test(pathname)) return undefined;
  const login = parseLogin(`${username}:${password}`, protocol === "rediss:");
  return login && { kind: "single", ...login };
}

function parseSentinel(
  path: string,
  query: string,
  base: Omit<SentinelTarget, "kind" | "name" | "database" | "sentinelPassword">,
): SentinelTarget | undefined {
  const [, name, database = "0"] = /^([A-Za-z0-9._-]{1,100})(?:\/(\d{1,4}))?$/.exec(path) ?? [];
  const parameters = [...new URLSearchParams(query)];
  const [first] = parameters;
  if (name === undefined || parameters.length > 1) return undefined;
  if (first !== undefined && first[0] !== "sentinel_password") return undefined;
  return {
    ...{ kind: "sentinel", ...base, name, database: Number(database) },
    ...(first === undefined ? {} : { sentinelPassword: first[1] }),
  };
}

function parseHosts(text: string, standardPort: number): RedisHost[] | undefined {
  const hosts: RedisHost[] = [];
  for (const item of text.split(",")) {
    const [, host, port = String(standardPort)] =
      /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(item) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    hosts.push({ host: host.replace(/^\[|\]$/g, ""), port: Number(port) });
  }
  return hosts;
}

function parseLogin(text: string, tls: boolean): Login | undefined {
  const [user = "", password = ""] = text.split(/:(.*)/s);
  try {
    const [username, secret] = [decodeURIComponent(user), decodeURIComponent(password)];
    return {
      ...(username === "" ? {} : { username }),
      ...(secret === "" ? {} : { password: secret }),
      tls,
    };
  } catch {
    return undefined;
  }
}

/** Every password in it, for the masks over logs. */
export function redisPasswords(text: string): string[] {
  const target = parseRedisUrl(text);
  if (target === undefined) return [];
  const sentinel = target.kind === "sentinel" ? target.sentinelPassword : undefined;
  return [target.password, sentinel].filter((password) => password !== undefined);
}
