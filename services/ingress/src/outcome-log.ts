import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import { gather } from "./gather.ts";
import type { Observation, ObserveOutcome } from "./observation.ts";
import { outcomeCode } from "./observation.ts";

export interface OutcomeLog {
  readonly observe: ObserveOutcome;
  /** Writes what is still only counted. */
  flush(): void;
}

/** What anybody can cause at will, and so is written out only so often. */
const CHEAP_TO_CAUSE: ReadonlySet<string> = new Set([
  "rejected:*",
  "duplicate:*",
  "ignored:stale",
  "ignored:access_denied",
  "ignored:lane_full",
]);
const WINDOW_MS = 10_000;
const LINES_PER_WINDOW = 20;
/** Ordinary lines that follow each other this closely are made together; others never wait. */
const TOGETHER_MS = 10;
/** Well inside the freshness window, in which messages are still taken. */
const CLOCKS_DIFFER_SECONDS = 120;

/**
 * One line per request: who, which message, what became of it, how long it took; never content. Outcomes that
 * a stranger can cause without end get a few lines per code and window; the rest are counted and their number
 * is written when the window ends.
 */
export function createOutcomeLog(deps: {
  logger: Pick<Logger, "info" | "warn" | "error">;
  clock: Clock;
}): OutcomeLog {
  const { logger, clock } = deps;
  let counts = new Map<string, number>();
  let windowEndsAtMs = 0;
  let closing: AbortController | undefined;
  const lines = gather((observation: Observation) => write(logger, observation), {
    clock,
    forMs: TOGETHER_MS,
  });

  const flush = () => {
    lines.flush();
    closing?.abort();
    closing = undefined;
    const suppressed = [...counts].filter(([, count]) => count > LINES_PER_WINDOW);
    counts = new Map();
    for (const [outcome, count] of suppressed) {
      logger.warn(
        { outcome, count: count - LINES_PER_WINDOW, windowMs: WINDOW_MS },
        "requests not logged one by one",
      );
    }
  };

  const scheduleFlush = () => {
    const timer = new AbortController();
    closing = timer;
    void clock.sleep(WINDOW_MS, timer.signal).then(() => {
      if (!timer.signal.aborted) flush();
    });
  };

  const isSuppressed = (key: string): boolean => {
    if (clock.monotonic() >= windowEndsAtMs) {
      flush();
      windowEndsAtMs = clock.monotonic() + WINDOW_MS;
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === LINES_PER_WINDOW + 1 && closing === undefined) scheduleFlush();
    return count > LINES_PER_WINDOW;
  };

  return {
    flush,
    observe(observation) {
      const { kind } = observation.outcome;
      const key = `${kind}:${outcomeCode(observation.outcome) ?? ""}`;
      const isLimited = CHEAP_TO_CAUSE.has(key) || CHEAP_TO_CAUSE.has(`${kind}:*`);
      if (isLimited && isSuppressed(key)) return;
      lines.add(observation);
      if (kind !== "accepted") lines.flush();
    },
  };
}

function write(logger: Pick<Logger, "info" | "warn" | "error">, observation: Observation): void {
  const { outcome, request } = observation;
  const line = {
    app: outcome.app,
    messageId: outcome.messageId,
    userId: outcome.userId,
    messageKind: outcome.messageKind,
    outcome: outcome.kind,
    code: outcomeCode(outcome),
    ...(outcome.kind === "not_stored" ? { detail: outcome.detail } : {}),
    ...("skewSeconds" in outcome ? { skewSeconds: outcome.skewSeconds } : {}),
    durationMs: Math.round(observation.durationMs),
  };
  const message = `${request} ${outcome.kind}`;
  const warning = warningOf(outcome);
  if (outcome.kind === "not_stored") logger.error(line, message);
  else if (warning !== undefined) logger.warn(line, `${message}${warning}`);
  else logger.info(line, message);
}

/** What goes behind the message of a line that somebody should look at; undefined for all others. */
function warningOf(outcome: Observation["outcome"]): string | undefined {
  if (outcome.kind === "rejected") return "";
  if (outcome.kind === "verified")
    return Math.abs(outcome.skewSeconds) > CLOCKS_DIFFER_SECONDS
      ? ", but the gateway's clock differs from WeCom's"
      : undefined;
  if (outcome.kind !== "ignored") return undefined;
  if (outcome.reason === "lane_full")
    return ", and lost: too much waits in this conversation; see that workers run";
  if (outcome.reason !== "stale") return undefined;
  const { skewSeconds } = outcome;
  const age = skewSeconds < 0 ? `${-skewSeconds} s old` : `${skewSeconds} s ahead`;
  return `: signed, but ${age}: sent again by somebody, or the clock here or that of Redis is wrong`;
}
