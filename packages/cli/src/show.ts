import { z } from "zod";

const accepted = z.object({ id: z.string() });
const timeline = z.object({
  id: z.string(),
  state: z.string(),
  events: z.array(
    z.object({
      at: z.string(),
      text: z.string(),
      code: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
});
const deadLetters = z.object({
  total: z.number(),
  deadLetters: z.array(
    z.object({
      ...{ id: z.string(), what: z.string(), conversation: z.string(), at: z.string() },
      ...{ code: z.string(), reason: z.string(), remedy: z.string().optional() },
    }),
  ),
});
const replayed = z.object({ id: z.string(), replayedAs: z.array(z.string()) });

/** The id alone, so that a script can take it. */
export function showAccepted(answer: unknown): string {
  return accepted.parse(answer).id;
}

export function showTimeline(answer: unknown): string {
  const { id, state, events } = timeline.parse(answer);
  const lines = events.flatMap(({ at, text, code, remedy }) => [
    `${at}  ${text}${code === undefined ? "" : ` [${code}]`}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(at.length)}  → ${remedy}`]),
  ]);
  return [`${id}: ${state}`, ...lines].join("\n");
}

export function showDeadLetters(answer: unknown): string {
  const { total, deadLetters: letters } = deadLetters.parse(answer);
  const lines = letters.flatMap(({ id, what, conversation, at, code, reason, remedy }) => [
    ...[id, `  ${what} of ${decodeURIComponent(conversation)}, ${at}`, `  ${reason} [${code}]`],
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
  ]);
  return [...lines, `${total} in all`].join("\n");
}

export function showReplayed(answer: unknown): string {
  const { id, replayedAs } = replayed.parse(answer);
  return `${id}: replayed as ${replayedAs.join(", ")}`;
}
