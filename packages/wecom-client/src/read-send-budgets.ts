import type { Redis } from "ioredis";
import type { Rule, RuleName, SendLimits } from "./rate-limiter-rules.ts";
import { rulesOf, SEND_LIMITS } from "./rate-limiter-rules.ts";
import { readInPages } from "./read-in-pages.ts";

/** What one limit of WeCom's still allows. */
export interface SendBudget {
  readonly rule: RuleName;
  readonly limit: number;
  readonly left: number;
}

interface BudgetApp {
  readonly corpId: string;
  readonly agentId: string;
  /** Person-times a day, if known. */
  readonly appPerDay?: number | undefined;
}

const DAY_MS = 24 * 3600 * 1000;
const UTC_8_MS = 8 * 3600 * 1000;

/**
 * For each app, in their order, the limits of its corp and of its day; not those of single members. Apps of one corp
 * share its limits. As the rate limiter counts, at one moment; nothing is changed.
 */
export async function readSendBudgets(
  redis: Redis,
  prefix: string,
  apps: readonly BudgetApp[],
  limits: SendLimits = SEND_LIMITS,
): Promise<(readonly SendBudget[])[]> {
  const [seconds = 0, microseconds = 0] = (await redis.time()).map(Number);
  const nowMs = seconds * 1000 + Math.floor(microseconds / 1000);
  return readInPages(apps, async (page) => {
    const rules = page.map((app) => rulesOf({ ...app, userIds: [], kind: "answer" }, "message/send", limits));
    const pipeline = redis.pipeline();
    for (const rule of rules.flat()) pipeline.hgetall(`${prefix}:rate:${rule.key}`);
    const replies = ((await pipeline.exec()) ?? []).values();
    return rules.map((ofApp) => ofApp.map((rule) => budgetOf(rule, replies.next().value?.[1], nowMs)));
  });
}

function budgetOf({ name, kind, windowMs, limit }: Rule, stored: unknown, nowMs: number): SendBudget {
  const counts = (stored ?? {}) as Record<string, string>;
  const used = kind === "day" ? usedToday(counts, nowMs) : usedInWindow(counts, windowMs, nowMs);
  return { rule: name, limit, left: Math.max(limit - used, 0) };
}

/** See takeScript: slices of a sixtieth of the window, the current one and the sixty before it. */
function usedInWindow(slices: Record<string, string>, windowMs: number, nowMs: number): number {
  const oldest = Math.floor(nowMs / (windowMs / 60)) - 60;
  return Object.entries(slices).reduce(
    (sum, [slice, count]) => sum + (Number(slice) >= oldest ? Number(count) : 0),
    0,
  );
}

function usedToday({ day, used }: Record<string, string>, nowMs: number): number {
  return Number(day) === Math.floor((nowMs + UTC_8_MS) / DAY_MS) ? Number(used) : 0;
}
