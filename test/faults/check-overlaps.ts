import type { CheckOptions, Violation } from "./check-history.ts";
import { groupBy } from "./group-by.ts";
import type { HistoryEvent, RunEnd, RunStart, WorkerEvent } from "./history.ts";

/**
 * Runs of one conversation never overlap: a later run begins after the earlier one has ended.
 *
 * One exception cannot be avoided and is fenced: a run whose worker was lost (killed, frozen, or declared dead by
 * another worker) before the later run began. What such a run still does reaches nobody: that it answers nothing is
 * checked by "shown-twice". And it goes on only until its worker is told: at most `toldWithinMs` after the worker was
 * declared dead, came back from its freeze, or the later run began, whichever is last. A killed worker cannot be
 * told; what its agent does as an orphan is not the gateway's run any more.
 *
 * SIGTERM is no exception: a handed-over run has ended before the next one begins.
 */
export function checkOverlaps(events: readonly HistoryEvent[], options: CheckOptions): Violation[] {
  const workerEvents = groupBy(
    events.filter((event) => event.type === "worker"),
    ({ worker }) => worker,
  );
  const violations: Violation[] = [];
  for (const [conversation, runs] of groupBy(readRuns(events), ({ start }) => start.conversation)) {
    for (const [index, run] of runs.entries()) {
      for (const later of runs.slice(index + 1)) {
        if (run.endedAt < later.startedAt) continue;
        const fault = judge(run, later, workerEvents.get(run.start.worker) ?? [], options);
        if (fault !== undefined) violations.push({ ...fault, conversation });
      }
    }
  }
  return violations;
}

interface Run {
  readonly start: RunStart;
  readonly end: RunEnd | undefined;
  /** Places in the order of all events; a run without an end ends after everything. */
  readonly startedAt: number;
  readonly endedAt: number;
}

function readRuns(events: readonly HistoryEvent[]): Run[] {
  const ends = new Map<string, { end: RunEnd; endedAt: number }>();
  for (const [endedAt, event] of events.entries()) {
    if (event.type === "run-end") ends.set(event.run, { end: event, endedAt });
  }
  return events.flatMap((event, startedAt): Run[] => {
    if (event.type !== "run-start") return [];
    const { end, endedAt } = ends.get(event.run) ?? { end: undefined, endedAt: Number.POSITIVE_INFINITY };
    return [{ start: event, end, startedAt, endedAt }];
  });
}

function judge(
  run: Run,
  later: Run,
  ofWorker: readonly WorkerEvent[],
  { toldWithinMs }: CheckOptions,
): Omit<Violation, "conversation"> | undefined {
  const lost = ofWorker.some(
    ({ what, atMs }) =>
      atMs <= later.start.atMs &&
      // An agent may still be starting when its worker is killed; nobody comes back from that.
      (what === "killed" || (atMs >= run.start.atMs && (what === "frozen" || what === "declared-dead"))),
  );
  if (!lost) {
    return {
      rule: "overlapping-runs",
      detail: `run ${later.start.run} began while ${run.start.run} was running`,
    };
  }
  if (ofWorker.some(({ what }) => what === "killed")) return undefined;
  const thawedMs = ofWorker.findLast(({ what }) => what === "thawed")?.atMs ?? 0;
  const toldByMs = Math.max(later.start.atMs, thawedMs) + toldWithinMs;
  if (run.end !== undefined && run.end.atMs <= toldByMs) return undefined;
  return {
    rule: "zombie-went-on",
    detail: `run ${run.start.run} had lost its conversation to ${later.start.run} and did not stop`,
  };
}
