import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { enterScript, failScript, healScript, releaseScript } from "./app-breaker-scripts.ts";
import type { WecomError } from "./errors.ts";

/** Why nothing of an app's can be sent, and who can mend it how. Nothing secret, no message content. */
export interface AppProblem {
  /** "corp/agent" */
  readonly app: string;
  readonly open: true;
  readonly sinceMs: number;
  readonly nextProbeAtMs: number;
  readonly code: string;
  readonly errcode: number | undefined;
  readonly cause: string;
  readonly whatToDo: string;
}

/**
 * Holds an app's messages back while something is set up wrongly (a reset secret, an address that is not trusted, a
 * disabled app): they would all be refused for the same reason. One of them at a time probes whether it was mended.
 * Shared by all processes through Redis.
 */
export interface AppBreaker {
  enter(app: AppRef): Promise<BreakerEntry>;
  /** A send failed because of the app. `opened` and `changed` (another reason than before) are news, each told once. */
  fail(app: AppRef, error: WecomError, probe?: string): Promise<BreakerFailure>;
  /** The probe proved that the app works. Returns for how long it did not, undefined when another was faster. */
  heal(app: AppRef, probe: string): Promise<number | undefined>;
  /** The probe proved nothing. */
  release(app: AppRef, probe: string): Promise<void>;
}

export interface AppRef {
  readonly corpId: string;
  readonly agentId: string;
}

export type BreakerEntry =
  | { readonly status: "closed" }
  | { readonly status: "probe"; readonly probe: string }
  | { readonly status: "open"; readonly afterMs: number };

export interface BreakerFailure {
  readonly news: "opened" | "changed" | "known";
  readonly afterMs: number;
}

export interface BreakerTimes {
  /** Until the first probe; doubled with every one that fails. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** WeCom needs about a minute to trust an address, so asking every minute is often enough. */
const BREAKER_TIMES: BreakerTimes = { firstPauseMs: 10_000, longestPauseMs: 60_000 };

/** Longer than a send with every timeout on the way. */
const PROBE_LEASE_MS = 60_000;
const PROBING_RETRY_MS = 2000;
/** An app that works by turns (one of two addresses is trusted) is not probed at the first pause each time. */
const FAILURES_REMEMBERED_MS = 5 * 60_000;

export function createAppBreaker(deps: {
  readonly redis: Redis;
  readonly prefix: string;
  readonly times?: BreakerTimes;
}): AppBreaker {
  const { redis, prefix } = deps;
  const { firstPauseMs, longestPauseMs } = deps.times ?? BREAKER_TIMES;
  const keysOf = (app: AppRef) => [stateKey(prefix, nameOf(app)), openKey(prefix)];

  return {
    async enter(app) {
      const probe = randomUUID();
      const args = [probe, PROBE_LEASE_MS, Math.min(PROBING_RETRY_MS, firstPauseMs)];
      const [status, afterMs] = (await enterScript(redis, keysOf(app), args)) as [string, number?];
      if (status === "closed") return { status };
      if (status === "probe") return { status, probe };
      return { status: "open", afterMs: afterMs ?? firstPauseMs };
    },
    async fail(app, error, probe = "") {
      const { code, errcode, summary, hint } = error;
      const problem = JSON.stringify({ code, errcode, cause: summary, whatToDo: hint });
      const [news, afterMs] = (await failScript(redis, keysOf(app), [
        ...[nameOf(app), probe, code, problem],
        ...[firstPauseMs, longestPauseMs, FAILURES_REMEMBERED_MS],
      ])) as [BreakerFailure["news"], number];
      return { news, afterMs };
    },
    async heal(app, probe) {
      const args = [nameOf(app), probe, FAILURES_REMEMBERED_MS];
      const openMs = Number(await healScript(redis, keysOf(app), args));
      return openMs < 0 ? undefined : openMs;
    },
    async release(app, probe) {
      await releaseScript(redis, keysOf(app), [probe, firstPauseMs]);
    },
  };
}

const storedProblem = z.object({
  code: z.string(),
  errcode: z.number().optional(),
  cause: z.string(),
  whatToDo: z.string(),
});

/** Every app whose messages are held back at the moment, longest first. */
export async function readAppProblems(redis: Redis, prefix: string): Promise<AppProblem[]> {
  const apps = await redis.smembers(openKey(prefix));
  const states = await Promise.all(apps.map((app) => redis.hgetall(stateKey(prefix, app))));
  return states
    .flatMap((state, index) => readProblem(apps[index] ?? "", state) ?? [])
    .sort((one, other) => one.sinceMs - other.sinceMs);
}

function readProblem(app: string, state: Record<string, string>): AppProblem | undefined {
  if (state.open !== "1" || state.problem === undefined) return undefined;
  const { code, errcode, cause, whatToDo } = storedProblem.parse(JSON.parse(state.problem));
  const times = { sinceMs: Number(state.since), nextProbeAtMs: Number(state.next) };
  return { app, open: true, ...times, code, errcode, cause, whatToDo };
}

/**
 * Whether the error is the app's and would meet every message of it. Some codes that an operator has to mend
 * concern one kind of message only: interactive cards, web pages, other products.
 */
export function concernsWholeApp(error: WecomError): boolean {
  if (error.errcode !== undefined && ONE_KIND_ONLY.has(error.errcode)) return false;
  if (error.code === "token_refused_repeatedly") return true;
  return error.kind === "credentials" || error.kind === "configuration";
}

const ONE_KIND_ONLY: ReadonlySet<number> = new Set([
  ...[40057, 43012, 48005, 48008, 48009],
  ...[50001, 80001, 85004, 85005, 85008],
  ...[93000, 93004, 93008],
]);

const nameOf = ({ corpId, agentId }: AppRef) => `${corpId}/${agentId}`;
const stateKey = (prefix: string, app: string) => `${prefix}:app-breaker:${app}`;
const openKey = (prefix: string) => `${prefix}:app-breakers-open`;
