import type { CheckOptions, Violation } from "./check-history.ts";
import type { HistoryEvent, RunStart, WorkerEvent } from "./history.ts";

/** How often a message was run, and when. `shownMsOf`: when something of its answer was first shown. */
export function checkRuns(
  events: readonly HistoryEvent[],
  shownMsOf: (message: string) => number | undefined,
  { maxAttempts }: CheckOptions,
): Violation[] {
  const counts = countRuns(events);
  return [...runsOf(events)].flatMap(([message, runs]): Violation[] => {
    const conversation = runs[0]?.conversation ?? "";
    const counted = counts.get(message) ?? 0;
    const shownMs = shownMsOf(message) ?? Number.POSITIVE_INFINITY;
    const late = runs.find(({ atMs }) => atMs > shownMs);
    return [
      ...(counted > maxAttempts
        ? [{ rule: "too-many-runs" as const, conversation, detail: `message ${message}: ${counted} runs` }]
        : []),
      ...(late === undefined
        ? []
        : [
            {
              rule: "answered-and-run-again" as const,
              conversation,
              detail: `message ${message}: run ${late.run} began ${late.atMs - shownMs} ms after the answer`,
            },
          ]),
    ];
  });
}

/** How often each message was run, without what was handed over. */
function countRuns(events: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const wasHandedOver = handedOverIn(events);
  return new Map(
    [...runsOf(events)].map(
      ([message, runs]) => [message, runs.filter((run) => !wasHandedOver(run)).length] as const,
    ),
  );
}

function runsOf(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly RunStart[]> {
  const runs = new Map<string, RunStart[]>();
  for (const event of events) {
    if (event.type !== "run-start") continue;
    for (const message of event.messages) runs.set(message, [...(runs.get(message) ?? []), event]);
  }
  return runs;
}

/** Between the end of an agent and the commit of its answer: milliseconds, and seconds on a busy machine. */
const COMMIT_WITHIN_MS = 2000;

function handedOverIn(events: readonly HistoryEvent[]): (run: RunStart) => boolean {
  const ends = new Map(
    events.flatMap((event) => (event.type === "run-end" ? [[event.run, event] as const] : [])),
  );
  const told = events.filter((event) => event.type === "worker" && event.what === "told") as WorkerEvent[];
  return ({ run, worker }) => {
    const end = ends.get(run);
    if (end?.how === "stopped") return true;
    const lastMs = (end?.atMs ?? Number.POSITIVE_INFINITY) + COMMIT_WITHIN_MS;
    // Also a run that began later: its job was on its way. A worker that was told takes no others.
    return told.some((event) => event.worker === worker && event.atMs <= lastMs);
  };
}
