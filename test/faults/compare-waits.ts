import type { HistoryEvent } from "./history.ts";
import { readAnswer } from "./reply-lines.ts";
import type { ScenarioViolation } from "./scenario.ts";

/** What a person waits for, one after the other. */
const WAITS = ["acknowledgement", "start of the run", "delivery"] as const;
type Wait = (typeof WAITS)[number];

/** Of how long what was written in a time had to wait, in milliseconds. */
export interface Times {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Each time is judged in so many parts. */
const PARTS = 3;
/** A delay below this nobody notices. */
const LIMIT_MS = 1000;

export interface Comparison {
  readonly wait: Wait;
  readonly calmMs: number;
  readonly pressedMs: number;
}

/**
 * How long people (`isOne`) waited under pressure, and how long when all was calm. Both are measured the same way: the
 * time is cut into three parts, each has its 99th percentile, and the middle one of the three counts. A machine that
 * stands still for a moment spoils one part; whoever is held up by others is held up in all of them.
 */
export function compareWaits(
  events: readonly HistoryEvent[],
  isOne: (conversation: string) => boolean,
  { calm, pressed }: { calm: Times; pressed: Times },
): Comparison[] {
  const waits = readWaits(events, isOne);
  return WAITS.map((wait) => ({
    wait,
    calmMs: middleOfParts(waits, wait, calm),
    pressedMs: middleOfParts(waits, wait, pressed),
  }));
}

export function checkWaits(name: string, comparisons: readonly Comparison[]): ScenarioViolation[] {
  return comparisons
    .filter(({ calmMs, pressedMs }) => !(pressedMs - calmMs < LIMIT_MS))
    .map(({ wait, calmMs, pressedMs }) => ({
      rule: "held-up",
      conversation: name,
      detail: `${wait}: ${pressedMs} ms, and ${calmMs} ms when all was calm`,
    }));
}

type Waited = Readonly<Record<Wait, number>> & { readonly atMs: number };

function readWaits(events: readonly HistoryEvent[], isOne: (conversation: string) => boolean): Waited[] {
  const pushes = new Map<string, number>();
  const acks = new Map<string, number>();
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  const shown = new Map<string, number>();
  const first = (times: Map<string, number>, message: string, atMs: number) =>
    void (times.has(message) || times.set(message, atMs));
  const messagesOf = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.type === "push" && isOne(event.conversation)) first(pushes, event.message, event.atMs);
    else if (event.type === "ack") first(acks, event.message, event.atMs);
    else if (event.type === "run-start") {
      messagesOf.set(event.run, event.messages);
      for (const message of event.messages) first(starts, message, event.atMs);
    } else if (event.type === "run-end") {
      for (const message of messagesOf.get(event.run) ?? []) first(ends, message, event.atMs);
    } else if (event.type === "send") {
      for (const { message } of readAnswer(event.text)) first(shown, message, event.atMs);
    }
  }
  const never = Number.POSITIVE_INFINITY;
  return [...pushes].map(([message, atMs]) => {
    const [ackMs = never, startMs = never, endMs = never, shownMs = never] = [acks, starts, ends, shown].map(
      (times) => times.get(message),
    );
    return {
      atMs,
      acknowledgement: ackMs - atMs,
      // Of runs that never came there is nothing to subtract from.
      "start of the run": startMs === never ? never : startMs - ackMs,
      delivery: shownMs === never ? never : shownMs - endMs,
    };
  });
}

function middleOfParts(waits: readonly Waited[], wait: Wait, { fromMs, toMs }: Times): number {
  const partMs = (toMs - fromMs) / PARTS;
  const worst = Array.from({ length: PARTS }, (_, part) => {
    const beginsMs = fromMs + part * partMs;
    const ofPart = waits.filter(({ atMs }) => atMs >= beginsMs && atMs < beginsMs + partMs);
    return percentile99(ofPart.map((waited) => waited[wait]));
  }).sort((a, b) => a - b);
  return worst[Math.floor(PARTS / 2)] ?? Number.NaN;
}

/** NaN of nothing: who measures nothing shall not pass. */
function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}
