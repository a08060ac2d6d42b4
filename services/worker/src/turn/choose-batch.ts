import type { BatchChoice, MailboxEntry } from "@gateway/conversation";

export interface BatchSettings {
  /** Messages that follow each other within this time belong together. */
  readonly quietMs: number;
  /** However fast they keep coming, the turn starts this long after the first. */
  readonly capMs: number;
}

/**
 * People write in several short messages and send a file before saying what it is for. Takes the run of
 * messages at the head that came in quick succession; waits while more may be on its way. Messages that were
 * given a turn of their own are taken at once and without others.
 */
export function chooseBatch(
  waiting: readonly MailboxEntry[],
  nowMs: number,
  settings: BatchSettings,
): BatchChoice {
  const { quietMs, capMs } = settings;
  const ownTurn = waiting[0]?.message?.ownTurn;
  if (ownTurn !== undefined) {
    const others = waiting.findIndex(({ message }) => message?.ownTurn !== ownTurn);
    return { take: others < 0 ? waiting.length : others };
  }
  const times = waiting.map(({ message }) =>
    message?.ownTurn === undefined ? message?.receivedAtMs : undefined,
  );
  const firstMs = times[0];
  if (firstMs === undefined) return { take: 1 };
  let take = 1;
  let lastMs = firstMs;
  for (const time of times.slice(1)) {
    if (time === undefined || time - lastMs > quietMs || time - firstMs > capMs) return { take };
    lastMs = time;
    take += 1;
  }
  const quietLeft = quietMs - (nowMs - lastMs);
  const capLeft = capMs - (nowMs - firstMs);
  const waitMs = Math.min(quietLeft, capLeft, quietMs);
  return waitMs > 0 ? { waitMs } : { take };
}
