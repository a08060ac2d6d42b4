import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { sealCallback } from "@gateway/wecom-client/testing";
import type { AppState } from "../state/app-registry.ts";
import type { PushAttempt, PushRecord } from "../state/push-log.ts";
import type { CallbackPolicy } from "../types.ts";
import type { World } from "../world.ts";
import type { HttpOutcome } from "./http-request.ts";
import { requestOnce } from "./http-request.ts";
import { createLimiter } from "./limiter.ts";

type Sealed = ReturnType<typeof sealCallback>;

/** Brings pushes to callback URLs, with WeCom's patience and no more. */
export interface Pusher {
  /** Resolves when the push is acknowledged, refused or lost. */
  deliver(record: PushRecord, app: AppState, callbackUrl?: string): Promise<PushRecord>;
  /** Ends what is under way. */
  close(): void;
}

function seal(record: PushRecord, app: AppState, world: World): Sealed {
  return sealCallback({
    keys: { token: app.token, encodingAesKey: app.encodingAesKey },
    corpId: app.corpId,
    agentId: app.agentId,
    message: record.plaintext,
    timestamp: String(Math.floor(world.clock.unshiftedMs() / 1000)),
  });
}

export function withQuery(base: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function describe(outcome: HttpOutcome, url: string, atMs: number): PushAttempt {
  const common = { url, atMs, latencyMs: outcome.latencyMs, outcome: outcome.outcome };
  if (outcome.outcome === "timeout") return common;
  if (outcome.outcome === "connection_failed") return { ...common, error: outcome.error };
  const answer = outcome.body === "" ? "empty" : outcome.body === "success" ? "success" : "other";
  return { ...common, status: outcome.status, answer };
}

function isTriedAgain(attempt: PushAttempt, policy: CallbackPolicy): boolean {
  if (attempt.outcome !== "answered") return true;
  if (policy.nonOkRetry === "always") return attempt.status !== 200;
  return policy.nonOkRetry === "server_errors" && (attempt.status ?? 0) >= 500;
}

export interface PusherOptions {
  readonly world: World;
  /** Read anew for every attempt, so that it can change while the emulator runs. */
  readonly policy: () => CallbackPolicy;
  readonly maxConcurrent: number;
}

export function createPusher({ world, policy, maxConcurrent }: PusherOptions): Pusher {
  const ended = new AbortController();
  // Every push under way listens; the limiter bounds them.
  setMaxListeners(0, ended.signal);
  const limiter = createLimiter({ concurrent: maxConcurrent, waiting: 20_000 });

  async function attempt(record: PushRecord, sealed: Sealed, base: string): Promise<PushAttempt> {
    const url = withQuery(base, sealed.query);
    const atMs = world.clock.nowMs();
    const { timeoutMs } = policy();
    const outcome = await requestOnce({
      url,
      method: "POST",
      body: sealed.body,
      timeoutMs,
      signal: ended.signal,
    });
    const described = describe(outcome, base, atMs);
    record.attempts.push(described);
    return described;
  }

  async function tryAll(record: PushRecord, app: AppState, base: string): Promise<PushRecord["status"]> {
    let sealed = seal(record, app, world);
    for (let left = policy().attempts; left > 0 && !ended.signal.aborted; left -= 1) {
      const result = await attempt(record, sealed, base);
      if (result.status === 200) return "acknowledged";
      if (!isTriedAgain(result, policy())) return "refused";
      if (left === 1) break;
      publish(record);
      await sleep(policy().retryDelayMs, undefined, { signal: ended.signal }).catch(() => undefined);
      if (!policy().sameEnvelope) sealed = seal(record, app, world);
    }
    return "lost";
  }

  function publish(record: PushRecord): void {
    world.feed.publish({ topic: "push", app: record.appName, users: [record.userId] });
  }

  return {
    deliver: (record, app, callbackUrl) =>
      limiter.run(async () => {
        record.status = "pending";
        record.status = await tryAll(record, app, callbackUrl ?? app.callbackUrl);
        publish(record);
        return record;
      }),
    close: () => ended.abort(),
  };
}
