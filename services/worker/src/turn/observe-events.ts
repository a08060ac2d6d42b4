import type { Texts } from "@gateway/texts";
import type { AgentEvent } from "../runners/runner.ts";
import { durationText } from "../texts/duration.ts";

/** How often at most "what it is doing" is written down for /status. */
const WRITE_EVERY_MS = 2000;
const TITLE_LIMIT_CHARS = 200;

/**
 * What becomes of a run's signs of life: the watch over silence, the next notice, /status. An empty title takes the
 * last one back.
 */
export function observeEvents(deps: {
  texts: Texts;
  alive: () => void;
  show: (title: string) => void;
  write: (title: string) => void;
  now: () => number;
}): (event: AgentEvent) => void {
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type !== "unreachable") deps.alive();
    if (event.type === "alive") return;
    const title = titleOf(event, deps.texts);
    deps.show(title);
    if (event.type === "progress" && deps.now() - writtenAtMs < WRITE_EVERY_MS) return;
    writtenAtMs = deps.now();
    deps.write(title);
  };
}

function titleOf(event: Exclude<AgentEvent, { type: "alive" }>, texts: Texts): string {
  switch (event.type) {
    case "progress":
      return event.title.slice(0, TITLE_LIMIT_CHARS).toWellFormed();
    case "busy":
      return texts.turn.serviceBusy({ pause: durationText(texts, event.againInMs) });
    case "unreachable":
      return texts.turn.agentUnreachable;
    case "working":
      return "";
    default:
      return event satisfies never;
  }
}
