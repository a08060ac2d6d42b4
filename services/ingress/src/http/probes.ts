import type { Clock } from "../clock.ts";
import type { RequestHandler } from "./receive-callback.ts";
import { respondJson } from "./respond.ts";

/** Redis answers in well under a millisecond; a probe that takes longer than this has failed. */
const PING_TIMEOUT_MS = 1000;

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Liveness: the process answers. Says nothing about Redis, whose failure a restart of ingress would not mend. */
export const answerHealth: RequestHandler = async (_request, response) => {
  respondJson(response, 200, { status: "ok" });
};

/** Readiness: messages can be stored. Simultaneous probes share one ping, so probing cannot burden Redis. */
export function createReadiness(deps: {
  ping: () => Promise<unknown>;
  clock: Clock;
  isDraining: () => boolean;
}): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;

  const check = async (): Promise<Readiness> => {
    const timer = new AbortController();
    const timedOut = deps.clock.sleep(PING_TIMEOUT_MS, timer.signal).then(() => "redis_timeout");
    const answer = deps.ping().then(
      () => undefined,
      () => "redis_unreachable",
    );
    const reason = await Promise.race([answer, timedOut]);
    timer.abort();
    return reason === undefined ? { ready: true } : { ready: false, reason };
  };

  return async () => {
    if (deps.isDraining()) return { ready: false, reason: "draining" };
    running ??= check().finally(() => {
      running = undefined;
    });
    return running;
  };
}

export function createAnswerReady(checkReadiness: () => Promise<Readiness>): RequestHandler {
  return async (_request, response) => {
    const readiness = await checkReadiness();
    if (readiness.ready) respondJson(response, 200, { status: "ready" });
    else respondJson(response, 503, { status: "unavailable", reason: readiness.reason });
  };
}
