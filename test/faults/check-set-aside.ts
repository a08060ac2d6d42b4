import type { Violation } from "./check-history.ts";
import type { DeadLetter, HistoryEvent } from "./history.ts";
import { readFailure } from "./reply-lines.ts";

/** A message whose answer, or the reply to which, lies as a dead letter. */
export type SetAside = Pick<DeadLetter, "what" | "code" | "atMs"> & {
  readonly message: string;
  /** Of the person who wrote it, "" if nobody did. */
  readonly conversation: string;
};

/**
 * Nothing is given up: a dead letter is a violation unless the test says that it may be, and so are words about a failure
 * that no such letter belongs to.
 */
export function checkSetAside(
  events: readonly HistoryEvent[],
  maySetAside: (one: SetAside) => boolean,
): Violation[] {
  const letters = readSetAside(events);
  const allowed = new Set(letters.filter(maySetAside).map(({ message }) => message));
  const violations = letters
    .filter((letter) => !maySetAside(letter))
    .map(
      ({ what, message, code, conversation }): Violation => ({
        ...{ rule: "set-aside", conversation, detail: `${what} ${message}: ${code}` },
      }),
    );
  const told = events.flatMap((event): Violation[] => {
    const message = event.type === "send" && event.fate === "shown" ? readFailure(event.text) : undefined;
    if (message === undefined || allowed.has(message)) return [];
    const conversation = event.type === "send" ? event.conversation : "";
    return [{ rule: "set-aside", conversation, detail: `told that message ${message} failed` }];
  });
  return [...violations, ...told];
}

export function readSetAside(events: readonly HistoryEvent[]): SetAside[] {
  const writers = new Map(
    events.flatMap((event) => (event.type === "push" ? [[event.message, event.conversation] as const] : [])),
  );
  return events.flatMap((event) => {
    if (event.type !== "dead-letter") return [];
    const { what, code, atMs } = event;
    return event.messages.map((message) => ({
      ...{ what, code, atMs, message, conversation: writers.get(message) ?? "" },
    }));
  });
}

/**
 * How many workers were lost between the first push of a message and its dead letter: as many attempts may have been
 * cut off. The runs do not tell: a worker may be lost before the agent has noted that it runs.
 */
export function countWorkersLost(events: readonly HistoryEvent[], { message, atMs }: SetAside): number {
  const pushed = events.find((event) => event.type === "push" && event.message === message);
  const fromMs = pushed?.type === "push" ? pushed.atMs : Number.POSITIVE_INFINITY;
  const lost = events.flatMap((event) =>
    event.type === "worker" &&
    (event.what === "killed" || event.what === "declared-dead") &&
    fromMs <= event.atMs &&
    event.atMs <= atMs
      ? [event.worker]
      : [],
  );
  return new Set(lost).size;
}
