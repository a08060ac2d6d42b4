import type { TurnIO } from "../runner.ts";
import type { RunEvent } from "./messages.ts";

const ALIVE_EVERY_MS = 1000;
const TITLE_LIMIT_CHARS = 80;
/** After these the status says more. */
const TELLING = /^(?:run\.|approval\.)/;

export interface WatchedEvents {
  readonly isOpen: () => boolean;
  /** All of the run was seen, from its beginning to its failure, and no tool was used: nothing has been done. */
  readonly hasDoneNothing: () => boolean;
}

/** Turns a run's events into signs of life. They may end at any moment, and whatever they say may be missed. */
export function watchEvents(
  events: AsyncIterable<RunEvent>,
  deps: { readonly io: Pick<TurnIO, "emit">; readonly onNews: () => void; readonly now: () => number },
): WatchedEvents {
  let isOpen = true;
  let hasActed = false;
  let sawFailure = false;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const take = (event: RunEvent) => {
    const title = titleOf(event);
    hasActed ||= title !== undefined;
    sawFailure ||= event.event === "run.failed";
    if (title !== undefined) deps.io.emit({ type: "progress", title });
    else if (deps.now() - toldAtMs >= ALIVE_EVERY_MS) {
      toldAtMs = deps.now();
      deps.io.emit({ type: "alive" });
    }
    if (TELLING.test(event.event)) deps.onNews();
  };
  const follow = async () => {
    for await (const event of events) take(event);
  };
  const close = () => {
    isOpen = false;
    deps.onNews();
  };
  follow().then(close, close);
  return { isOpen: () => isOpen, hasDoneNothing: () => sawFailure && !hasActed };
}

function titleOf({ event, tool, preview, goal }: RunEvent): string | undefined {
  if (event === "tool.started") return shorten([tool ?? "tool", preview].filter(Boolean).join(": "));
  if (event === "subagent.start") return shorten(goal ?? preview ?? "subagent");
  return undefined;
}

function shorten(text: string): string {
  const line = text
    .slice(0, TITLE_LIMIT_CHARS * 4)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length <= TITLE_LIMIT_CHARS
    ? line.toWellFormed()
    : `${line.slice(0, TITLE_LIMIT_CHARS - 1).toWellFormed()}…`;
}
