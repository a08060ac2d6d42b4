import type { Violation } from "./check-history.ts";
import type { HistoryEvent, RunStart } from "./history.ts";

/**
 * A run whose worker was killed before its answer was kept, and the next run of the same message. Its agent may have
 * come to its end as an orphan; one that was stopped was handed over before.
 */
export interface Recovery {
  readonly message: string;
  readonly conversation: string;
  /** From the kill, or from when Redis was last back if that was later, to the start of the next run. */
  readonly tookMs: number;
  /** It has lost two workers before: such runs go one after the other, so that how long one waits is how many there are. */
  readonly isTrial: boolean;
}

/** As in decision 0012. */
const TRIAL_AFTER_LOSSES = 2;

export function readRecoveries(events: readonly HistoryEvent[]): Recovery[] {
  const handedOver = new Set(
    events.flatMap((event) => (event.type === "run-end" && event.how === "stopped" ? [event.run] : [])),
  );
  const kills = events.flatMap((event) =>
    event.type === "worker" && event.what === "killed" ? [event] : [],
  );
  const backMs = events.flatMap((event) =>
    event.type === "fault" && event.what === "redis-back" ? [event.atMs] : [],
  );
  const latest = new Map<string, RunStart>();
  const losses = new Map<string, number>();
  const recoveries: Recovery[] = [];
  for (const event of events) {
    if (event.type !== "run-start") continue;
    for (const message of event.messages) {
      const before = latest.get(message);
      latest.set(message, event);
      if (before === undefined || handedOver.has(before.run)) continue;
      const killed = kills.find(({ worker, atMs }) => worker === before.worker && atMs <= event.atMs);
      if (killed === undefined) continue;
      const fromMs = Math.max(killed.atMs, ...backMs.filter((atMs) => atMs <= event.atMs));
      const lost = (losses.get(message) ?? 0) + 1;
      losses.set(message, lost);
      recoveries.push({
        ...{ message, conversation: event.conversation, tookMs: event.atMs - fromMs },
        isTrial: lost >= TRIAL_AFTER_LOSSES,
      });
    }
  }
  return recoveries;
}

export function checkRecoveries(events: readonly HistoryEvent[], resumeWithinMs: number): Violation[] {
  return readRecoveries(events)
    .filter(({ tookMs, isTrial }) => !isTrial && tookMs > resumeWithinMs)
    .map(({ message, conversation, tookMs }) => ({
      rule: "resumed-late",
      conversation,
      detail: `message ${message}: ${tookMs} ms after its worker was killed`,
    }));
}
