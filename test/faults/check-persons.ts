import type { Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history.ts";
import { readAnswer, readFailure } from "./reply-lines.ts";

/** What belongs to a message is run for, and shown to, the person who wrote it, in the app that was written to. */
export function checkPersons(events: readonly HistoryEvent[]): Violation[] {
  const writers = new Map(
    events.flatMap((event) => (event.type === "push" ? [[event.message, event.conversation] as const] : [])),
  );
  return events.flatMap((event): Violation[] => {
    if (event.type !== "run-start" && event.type !== "send") return [];
    const { conversation } = event;
    const strays = messagesOf(event).filter(
      (message) => (writers.get(message) ?? conversation) !== conversation,
    );
    return [...new Set(strays)].map((message) => ({
      rule: "wrong-person",
      conversation,
      detail: `${event.type} of message ${message}, which ${writers.get(message)} wrote`,
    }));
  });
}

function messagesOf(event: Extract<HistoryEvent, { type: "run-start" | "send" }>): readonly string[] {
  if (event.type === "run-start") return event.messages;
  const failed = readFailure(event.text);
  return [...readAnswer(event.text).map(({ message }) => message), ...(failed === undefined ? [] : [failed])];
}
