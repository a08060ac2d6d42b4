import { checkOverlaps } from "./check-overlaps.ts";
import { checkPace } from "./check-pace.ts";
import { checkPersons } from "./check-persons.ts";
import { checkRecoveries } from "./check-recoveries.ts";
import { checkRuns } from "./check-runs.ts";
import type { SetAside } from "./check-set-aside.ts";
import { checkSetAside } from "./check-set-aside.ts";
import { groupBy } from "./group-by.ts";
import type { HistoryEvent, Send } from "./history.ts";
import { readAnswer, readFailure } from "./reply-lines.ts";

export interface Violation {
  readonly rule:
    | "never-acknowledged"
    | "no-reply"
    | "incomplete-reply"
    | "shown-twice"
    | "out-of-order"
    | "chunks-out-of-order"
    | "overlapping-runs"
    | "zombie-went-on"
    | "answered-and-run-again"
    | "too-many-runs"
    | "answered-and-dead"
    | "set-aside"
    | "ended-by-itself"
    | "resumed-late"
    | "too-fast"
    | "wrong-person";
  readonly conversation: string;
  readonly detail: string;
}

export interface CheckOptions {
  /** How often one message may be given to the agent when its runs are cut off. */
  readonly maxAttempts: number;
  /** How long a worker that lost its runs without dying may take to notice and stop them. */
  readonly toldWithinMs: number;
  /** How long a killed worker's turn may wait until another worker runs it. Not looked at without it. */
  readonly resumeWithinMs?: number;
  /** What may be a dead letter, and its person told of a failure. Default nothing. */
  readonly maySetAside?: (one: SetAside) => boolean;
}

/**
 * Checks a history after everything has come to rest. Pure. The rules:
 *
 * never-acknowledged  The pusher pushes again until it gets an acknowledgement; in the end every message has one.
 * no-reply            Every acknowledged message has an answer, words about its failure, or a dead letter.
 * incomplete-reply    An answer that was begun is shown whole, or there is a dead letter for it.
 * shown-twice         No line of an answer, no failure and no request body is shown twice.
 * out-of-order        A message acknowledged before another was first pushed is answered before it.
 * chunks-out-of-order The lines of an answer are shown in order, and nothing of another answer between them.
 * overlapping-runs    See check-overlaps.ts, also for zombie-went-on.
 * answered-and-run-again  What has been answered is not given to the agent again.
 * too-many-runs       A message is run maxAttempts times at most. A run that was handed over does not count: it was
 *                     stopped, or its worker got its SIGTERM before the answer could be committed.
 * answered-and-dead   A message that was answered is not also reported dead.
 * set-aside           See check-set-aside.ts.
 * ended-by-itself     No service ends that was not told to.
 * resumed-late        See check-recoveries.ts.
 * too-fast            See check-pace.ts.
 * wrong-person        See check-persons.ts.
 */
export function checkHistory(events: readonly HistoryEvent[], options: CheckOptions): Violation[] {
  const facts = collectFacts(events);
  return [
    ...checkFates(facts),
    ...checkRepeats(facts),
    ...checkOrder(facts),
    ...checkRuns(events, (message) => facts.fates.get(message)?.shownMs, options),
    ...checkOverlaps(events, options),
    ...checkSetAside(events, options.maySetAside ?? (() => false)),
    ...checkEnds(events),
    ...checkRecoveries(events, options.resumeWithinMs ?? Number.POSITIVE_INFINITY),
    ...checkPace(events),
    ...checkPersons(events),
  ];
}

/** What is known of one message. */
interface Fate {
  readonly message: string;
  readonly conversation: string;
  readonly firstPushMs: number;
  ackMs: number | undefined;
  /** Lines of the answer in the order in which they were shown. */
  readonly shown: number[];
  of: number;
  /** Place of the first shown line or failure among all that the person was shown. */
  place: number | undefined;
  /** Places of all shown lines, to see whether something else came between them. */
  readonly places: number[];
  shownMs: number | undefined;
  failures: number;
  dead: "message" | "reply" | undefined;
}

interface Facts {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly sends: readonly Send[];
}

function collectFacts(events: readonly HistoryEvent[]): Facts {
  const fates = new Map<string, Fate>();
  const sends: Send[] = [];
  for (const event of events) {
    if (event.type === "push" && !fates.has(event.message)) fates.set(event.message, newFate(event));
    else if (event.type === "ack") {
      const fate = fates.get(event.message);
      if (fate !== undefined) fate.ackMs = Math.min(fate.ackMs ?? event.atMs, event.atMs);
    } else if (event.type === "dead-letter") {
      for (const message of event.messages) {
        const fate = fates.get(message);
        if (fate !== undefined) fate.dead = event.what;
      }
    } else if (event.type === "send") sends.push(event);
  }
  const places = new Map<string, number>();
  for (const send of sends) {
    if (send.fate !== "shown") continue;
    const nextPlace = () => {
      const place = (places.get(send.conversation) ?? 0) + 1;
      places.set(send.conversation, place);
      return place;
    };
    for (const { message, line, of } of readAnswer(send.text)) {
      const place = nextPlace();
      const fate = fates.get(message);
      if (fate === undefined) continue;
      fate.shown.push(line);
      fate.of = of;
      fate.places.push(place);
      fate.place ??= place;
      fate.shownMs ??= send.atMs;
    }
    const failed = fates.get(readFailure(send.text) ?? "");
    if (failed === undefined) continue;
    failed.failures += 1;
    failed.place ??= nextPlace();
    failed.shownMs ??= send.atMs;
  }
  return { fates, sends };
}

function newFate(push: { message: string; conversation: string; atMs: number }): Fate {
  const { message, conversation, atMs } = push;
  return {
    ...{ message, conversation, firstPushMs: atMs, ackMs: undefined },
    ...{ shown: [], of: 0, place: undefined, places: [], shownMs: undefined, failures: 0, dead: undefined },
  };
}

function checkFates({ fates }: Facts): Violation[] {
  return [...fates.values()].flatMap((fate): Violation[] => {
    const { message, conversation } = fate;
    const violation = (rule: Violation["rule"], detail: string) => [{ rule, conversation, detail }];
    if (fate.ackMs === undefined) return violation("never-acknowledged", `message ${message}`);
    const answered = new Set(fate.shown).size === fate.of && fate.of > 0;
    if (answered && fate.dead === "message")
      return violation("answered-and-dead", `message ${message} was answered and is a dead letter`);
    if (answered || fate.failures > 0 || fate.dead !== undefined) return [];
    return fate.shown.length === 0
      ? violation("no-reply", `message ${message}`)
      : violation("incomplete-reply", `message ${message}: lines ${fate.shown.join(",")} of ${fate.of}`);
  });
}

function checkRepeats({ fates, sends }: Facts): Violation[] {
  const lines = [...fates.values()].flatMap(({ message, conversation, shown, failures }): Violation[] =>
    new Set(shown).size === shown.length && failures <= 1
      ? []
      : [
          {
            rule: "shown-twice",
            conversation,
            detail: `message ${message}: lines ${shown.join(",")}, ${failures} failures`,
          },
        ],
  );
  const seen = new Set<string>();
  const bodies = sends.flatMap(({ fate, conversation, body, atMs }): Violation[] => {
    if (fate !== "shown") return [];
    if (!seen.has(body)) {
      seen.add(body);
      return [];
    }
    return [{ rule: "shown-twice", conversation, detail: `the same request again at ${atMs}` }];
  });
  return [...lines, ...bodies];
}

function checkEnds(events: readonly HistoryEvent[]): Violation[] {
  return events.flatMap((event): Violation[] =>
    event.type === "ended" ? [{ rule: "ended-by-itself", conversation: "", detail: event.how }] : [],
  );
}

function checkOrder({ fates }: Facts): Violation[] {
  const violations: Violation[] = [];
  for (const [conversation, members] of groupBy([...fates.values()], (fate) => fate.conversation)) {
    for (const fate of members) {
      if (isDisordered(fate))
        violations.push({
          rule: "chunks-out-of-order",
          conversation,
          detail: `message ${fate.message}: lines ${fate.shown.join(",")} at ${fate.places.join(",")}`,
        });
      for (const later of members) {
        if (fate.ackMs === undefined || fate.ackMs >= later.firstPushMs) continue;
        if (fate.place === undefined || later.place === undefined || fate.place < later.place) continue;
        violations.push({
          rule: "out-of-order",
          conversation,
          detail: `message ${later.message} was answered before ${fate.message}`,
        });
      }
    }
  }
  return violations;
}

function isDisordered({ shown, places }: Fate): boolean {
  const repeated = new Set(shown).size !== shown.length;
  const strays = places.some((place, index) => index > 0 && place !== (places[index - 1] ?? 0) + 1);
  const disordered = shown.some((line, index) => index > 0 && line < (shown[index - 1] ?? 0));
  // Repeated lines are a violation of their own.
  return !repeated && (strays || disordered);
}
