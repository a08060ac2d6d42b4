import type { Timeline } from "@gateway/conversation";
import { digestTimeline } from "@gateway/conversation";

export interface TimelineFigures {
  /** From acceptance until its turn began. */
  readonly waitedMs: number | undefined;
  /** All runs together. */
  readonly ranMs: number | undefined;
  /** From the stored reply to its last part. */
  readonly deliveryMs: number | undefined;
  readonly totalMs: number | undefined;
  readonly sends: number;
}

export function measureTimeline(timeline: Timeline): TimelineFigures {
  const { events } = timeline;
  const { startedAtMs, endedAtMs } = digestTimeline(timeline);
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.max(0, to - from);
  const claim = events.find(({ type }) => type === "claimed");
  const runs = events.flatMap((event) => (event.type === "run_ended" ? [event.ms] : []));
  const planned = events.find((event) => event.type === "planned" && event.kind !== "notice");
  const finished = events.findLast((event) => event.type === "finished" && event.kind !== "notice");
  return {
    waitedMs: between(startedAtMs, claim?.atMs),
    ranMs: runs.length === 0 ? undefined : runs.reduce((sum, ms) => sum + ms, 0),
    deliveryMs: between(planned?.atMs, finished?.atMs),
    totalMs: between(startedAtMs, endedAtMs),
    sends: events.filter(({ type }) => type === "send").length,
  };
}
