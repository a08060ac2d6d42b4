import type { Violation } from "./check-history.ts";
import { groupBy } from "./group-by.ts";
import type { HistoryEvent } from "./history.ts";

/** Messages to one member: WeCom drops what is more (WeCom doc 90236). */
const PER_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Nobody is sent more in any minute than WeCom lets through. */
export function checkPace(events: readonly HistoryEvent[]): Violation[] {
  const sends = groupBy(
    events.filter((event) => event.type === "send"),
    ({ conversation }) => conversation,
  );
  return [...sends].flatMap(([conversation, ofOne]): Violation[] => {
    const times = ofOne.map(({ atMs }) => atMs).sort((a, b) => a - b);
    const tooFast = times.some((atMs, index) => (times[index + PER_MINUTE] ?? Infinity) - atMs < MINUTE_MS);
    return tooFast
      ? [{ rule: "too-fast", conversation, detail: `${PER_MINUTE + 1} messages in a minute` }]
      : [];
  });
}
