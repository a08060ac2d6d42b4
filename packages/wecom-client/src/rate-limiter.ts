import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { Rule, RuleName, SendLimits, SendRequest } from "./rate-limiter-rules.ts";
import { rulesOf, SEND_LIMITS } from "./rate-limiter-rules.ts";
import { cutScript, finishScript, pauseScript, takeScript } from "./rate-limiter-scripts.ts";

/**
 * What all processes together may send. WeCom silently drops the 31st message of a minute to a member, so the only
 * protection is not to send it: a permit is taken before a request leaves and settled after its answer. Nothing is
 * ever refused, only told to come back later. Without Redis nothing is granted: every call rejects.
 */
export interface RateLimiter {
  take(request: SendRequest): Promise<Taken>;
  /** Says what became of the request. A permit that is never settled counts as used. */
  settle(permit: Permit, outcome: PermitOutcome): Promise<void>;
  /** WeCom answered 45009. Nobody sends through this app until the block is over. Returns what is left of it. */
  pause(permit: Permit): Promise<number>;
  /** WeCom answered 45033. Fewer messages of this app are under way at once from now on. */
  slowDown(permit: Permit): Promise<void>;
}

export type Taken =
  | { readonly ok: true; readonly permit: Permit }
  | { readonly ok: false; readonly afterMs: number; readonly why: RuleName | "paused" | "concurrency" };

/** sent: WeCom took it. used: it left, whatever came of it. unused: it certainly never reached WeCom. */
export type PermitOutcome = "sent" | "used" | "unused";

/** Opaque to its holder. */
export interface Permit {
  readonly id: string;
  readonly takenAtMs: number;
  readonly appKeys: readonly string[];
  readonly rules: readonly Rule[];
}

/** Longer than a send with a token refresh and every timeout on the way: then its holder is dead. */
const LEASE_MS = 60_000;
const CROWDED_RETRY_MS = 500;
const BLOCKS_REMEMBERED_MS = 2 * 3600 * 1000;
const CUT_REMEMBERED_MS = 10 * 60_000;
const SAME_MOMENT_MS = 1000;

export function createRateLimiter(deps: {
  readonly redis: Redis;
  readonly prefix: string;
  /** Which call is limited; also the one that 45009 blocks. */
  readonly api: string;
  readonly limits?: Partial<SendLimits>;
}): RateLimiter {
  const { redis, prefix, api } = deps;
  const limits = { ...SEND_LIMITS, ...deps.limits };
  const key = (name: string) => `${prefix}:rate:${name}`;
  const appKeysOf = ({ corpId, agentId }: SendRequest) =>
    ["pause", "level", "inflight", "cut"].map((name) => key(`${name}:${corpId}:${agentId}:${api}`));

  return {
    async take(request) {
      const id = randomUUID();
      const appKeys = appKeysOf(request);
      const rules = rulesOf(request, api, limits).map((rule) => ({ ...rule, key: key(rule.key) }));
      const args = [id, LEASE_MS, limits.growMs, CROWDED_RETRY_MS, ...rules.flatMap(ruleArguments)];
      const [granted, ms, slowest] = (await takeScript(redis, keysOf(appKeys, rules), args)) as number[];
      if (granted === 1) return { ok: true, permit: { id, takenAtMs: ms ?? 0, appKeys, rules } };
      return { ok: false, afterMs: ms ?? CROWDED_RETRY_MS, why: reason(slowest ?? 0, rules) };
    },
    async settle(permit, outcome) {
      const { id, takenAtMs, appKeys, rules } = permit;
      const args = [id, outcome, takenAtMs, "", ...rules.flatMap(ruleArguments)];
      await finishScript(redis, keysOf(appKeys, rules), args);
    },
    async pause({ appKeys }) {
      return Number(await pauseScript(redis, appKeys, [BLOCKS_REMEMBERED_MS, ...limits.blocksMs]));
    },
    async slowDown({ appKeys }) {
      await cutScript(redis, appKeys, [limits.growMs, CUT_REMEMBERED_MS, SAME_MOMENT_MS]);
    },
  };
}

function keysOf(appKeys: readonly string[], rules: readonly Rule[]): string[] {
  return [...appKeys, ...rules.map((rule) => rule.key)];
}

function ruleArguments({ kind, windowMs, limit, cost, keepMs }: Rule): (string | number)[] {
  return [kind, windowMs, limit, cost, keepMs];
}

function reason(slowest: number, rules: readonly Rule[]): Extract<Taken, { ok: false }>["why"] {
  if (slowest === -1) return "paused";
  return rules[slowest]?.name ?? "concurrency";
}
