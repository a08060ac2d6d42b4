import type { ReplyKind } from "@gateway/conversation";
import { groupChatOf, isOnePerson } from "@gateway/conversation";
import type { AppBreaker, Permit, RateLimiter, WecomError } from "@gateway/wecom-client";
import type { Logger } from "pino";
import type { SendOutcome } from "./send-outcome.ts";
import { verdictOf } from "./send-verdict.ts";

/** Where a message asks whether it may be sent now: the app has to work and WeCom's limits need room for it. */
export interface SendGate {
  enter(kind: ReplyKind): Promise<Admission>;
}

export type Admission =
  | { readonly ok: true; readonly pass: SendPass }
  | { readonly ok: false; readonly why: string; readonly afterMs: number };

export interface SendPass {
  /** Tells everybody what this outcome means for them. Returns how long to wait at least before the next try. */
  settle(outcome: SendOutcome): Promise<number>;
  /** Nothing was sent after all. */
  cancel(): Promise<void>;
}

/** A notice that waits for room among the notices looks this often whether an answer has made it superfluous. */
const NOTICE_LOOK_MS = 2000;
/** Those who wait for the same moment come back over this much time after it. */
const SPREAD_MS = 500;

interface GateDeps {
  readonly limiter: RateLimiter;
  readonly breaker: AppBreaker;
  readonly logger: Logger;
}

interface Destination {
  readonly corpId: string;
  readonly agentId: string;
  readonly userId: string;
  readonly appName: string;
  readonly perDay: number | undefined;
}

export function createSendGate(to: Destination, deps: GateDeps): SendGate {
  const { limiter, breaker } = deps;
  return {
    async enter(kind) {
      const entry = await breaker.enter(to);
      if (entry.status === "open")
        return { ok: false, why: "app_broken", afterMs: entry.afterMs + Math.random() * SPREAD_MS };
      const probe = entry.status === "probe" ? entry.probe : undefined;
      const taken = await limiter.take({
        corpId: to.corpId,
        agentId: to.agentId,
        // How many members a department or a tag has nobody can count here.
        // Whoever is in a group gets each of its messages.
        userIds: isOnePerson(to) || groupChatOf(to) !== undefined ? [to.userId] : [],
        kind: kind === "notice" ? "notice" : "answer",
        appPerDay: groupChatOf(to) === undefined ? to.perDay : undefined,
      });
      if (taken.ok) return { ok: true, pass: createPass(to, taken.permit, probe, deps) };
      if (probe !== undefined) await breaker.release(to, probe);
      const { why } = taken;
      const isForNotices = why === "notices_minute" || why === "notices_hour";
      const afterMs = isForNotices ? Math.min(taken.afterMs, NOTICE_LOOK_MS) : taken.afterMs;
      return { ok: false, why, afterMs: afterMs + Math.random() * SPREAD_MS };
    },
  };
}

function createPass(to: Destination, permit: Permit, probe: string | undefined, deps: GateDeps): SendPass {
  const { limiter, breaker, logger } = deps;
  const line = { app: to.appName, corpId: to.corpId, agentId: to.agentId };

  const reportBroken = async (error: WecomError): Promise<number> => {
    const { news, afterMs } = await breaker.fail(to, error, probe);
    // Once per opening and cause, not for every message that is held.
    if (news !== "known") {
      const { code, errcode, summary: cause, hint: whatToDo } = error;
      logger.error({ ...line, code, errcode, cause, whatToDo }, "the app cannot send; its replies are held");
    }
    return afterMs;
  };
  const reportWorking = async () => {
    if (probe === undefined) return;
    const brokenMs = await breaker.heal(to, probe);
    if (brokenMs !== undefined)
      logger.info({ ...line, brokenMs }, "the app can send again; held replies go out");
  };
  const reportLimit = async (limit: "blocked" | "crowded" | undefined): Promise<number> => {
    if (limit === "crowded") await limiter.slowDown(permit);
    if (limit !== "blocked") return 0;
    const pauseMs = await limiter.pause(permit);
    logger.warn(
      { ...line, pauseMs },
      "WeCom's frequency limit (45009); nothing is sent until the pause ends",
    );
    return pauseMs;
  };

  return {
    async settle(outcome) {
      const verdict = verdictOf(outcome);
      const pauseMs = await reportLimit(verdict.limit);
      await limiter.settle(permit, verdict.permit);
      if (verdict.app === "works") await reportWorking();
      else if (verdict.app === "broken" && outcome.kind === "retry") return reportBroken(outcome.error);
      else if (probe !== undefined) await breaker.release(to, probe);
      return pauseMs;
    },
    async cancel() {
      await limiter.settle(permit, "unused");
      if (probe !== undefined) await breaker.release(to, probe);
    },
  };
}
