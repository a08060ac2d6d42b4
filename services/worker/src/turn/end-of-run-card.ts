import type { CardUpdate } from "@gateway/conversation";
import { endedRunCard } from "../cards/run-card.ts";
import { durationText } from "../texts/duration.ts";
import type { ActiveTurn } from "./turn-deps.ts";

/**
 * What becomes of a run's card with its end. Also where this attempt showed none: an earlier one may have, in another
 * process.
 */
export function endOfRunCard(
  { id, about, app, startedAtMs }: ActiveTurn,
  state: "done" | "stopped" | "failed",
  nowMs: number,
): CardUpdate[] {
  if (app.cards !== true) return [];
  const elapsed = durationText(app.texts, nowMs - startedAtMs);
  return [endedRunCard({ turnId: id, about }, { state, elapsed }, app.texts)];
}
