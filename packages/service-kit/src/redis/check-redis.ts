import type { Redis } from "ioredis";
import { Cluster } from "ioredis";

export interface RedisProblem {
  /** An `error` means promises would be broken: do not start. A `warning` is for the operator to know. */
  readonly severity: "error" | "warning";
  readonly problem: string;
  readonly fix: string;
}

/** Also enough for a machine that starts everything at the same time. */
const CHECK_TIMEOUT_MS = 10_000;
const LOWEST_VERSION = { major: 6, minor: 2 };

/** What is wrong with this Redis for a queue that must lose nothing. Empty when all is well. */
export async function checkRedis(
  redis: Pick<Redis, "info">,
  options: { readonly timeoutMs?: number } = {},
): Promise<RedisProblem[]> {
  const timeoutMs = options.timeoutMs ?? CHECK_TIMEOUT_MS;
  const [first] = await readInfos([redis], timeoutMs);
  if (first === undefined) {
    return [
      {
        severity: "error",
        problem: `Redis did not answer INFO within ${timeoutMs} ms.`,
        fix: "Check that it runs, that REDIS_URL names its host and port, and that user and password are right.",
      },
    ];
  }
  // A cluster is as good as its worst primary: after a reshard any of them may hold our slot.
  const primaries = redis instanceof Cluster ? redis.nodes("master") : [];
  const infos = primaries.length === 0 ? [first] : await readInfos(primaries, timeoutMs);
  const problems = infos.flatMap((info) => CHECKS.flatMap((check) => check(info) ?? []));
  return problems.filter(
    ({ problem }, at) => problems.findIndex((other) => other.problem === problem) === at,
  );
}

type Info = ReadonlyMap<string, string>;

async function readInfos(nodes: readonly Pick<Redis, "info">[], timeoutMs: number): Promise<Info[]> {
  const infos = await Promise.all(nodes.map((node) => readInfo(node, timeoutMs)));
  return infos.filter((info) => info !== undefined);
}

async function readInfo(redis: Pick<Redis, "info">, timeoutMs: number): Promise<Info | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  const answer = redis.info().then(parseInfo, () => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parseInfo(text: string): Info {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
  });
  return new Map(pairs);
}

const CHECKS: readonly ((info: Info) => RedisProblem | undefined)[] = [
  checkVersion,
  checkRole,
  checkEviction,
  checkAppendOnly,
  checkLastWrite,
];

function checkVersion(info: Info): RedisProblem | undefined {
  const version = info.get("redis_version") ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough =
    major > LOWEST_VERSION.major || (major === LOWEST_VERSION.major && minor >= LOWEST_VERSION.minor);
  if (isNewEnough) return undefined;
  return {
    severity: "error",
    problem: `Redis is version ${version === "" ? "unknown" : version}.`,
    fix: "Use Redis 6.2 or newer, or Valkey.",
  };
}

function checkRole(info: Info): RedisProblem | undefined {
  if (info.get("role") !== "slave") return undefined;
  return {
    severity: "error",
    problem: "This Redis is a read-only replica.",
    fix: "Point REDIS_URL at the primary.",
  };
}

function checkEviction(info: Info): RedisProblem | undefined {
  const policy = info.get("maxmemory_policy");
  if (policy === "noeviction" || policy === undefined) return undefined;
  return {
    severity: "error",
    problem: `maxmemory-policy is ${policy}: when memory runs out Redis would throw accepted messages away.`,
    fix: "Set maxmemory-policy noeviction in its configuration (or in the parameter group of a managed Redis).",
  };
}

function checkAppendOnly(info: Info): RedisProblem | undefined {
  if (info.get("aof_enabled") !== "0") return undefined;
  return {
    severity: "warning",
    problem:
      "The append-only file is off: a restart of Redis loses messages that were accepted since its last snapshot.",
    fix: "Set appendonly yes (appendfsync everysec; always, to lose nothing at a power cut).",
  };
}

function checkLastWrite(info: Info): RedisProblem | undefined {
  const failed = ["aof_last_write_status", "rdb_last_bgsave_status"].filter(
    (name) => info.get(name) === "err",
  );
  if (failed.length === 0) return undefined;
  return {
    severity: "warning",
    problem: `Redis could not write to its disk lately (${failed.join(", ")}).`,
    fix: "Look at its log and at the space left on its disk.",
  };
}
