import type { AgentEvent } from "../runners/runner.ts";

/** How often at most "what it is doing" is written down for /status. */
const WRITE_EVERY_MS = 2000;
const TITLE_LIMIT_CHARS = 200;

/** What becomes of a run's signs of life: the watch over silence, the next notice, /status. */
export function observeEvents(deps: {
  alive: () => void;
  show: (title: string) => void;
  write: (title: string) => void;
  now: () => number;
}): (event: AgentEvent) => void {
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    deps.alive();
    if (event.type !== "progress") return;
    const title = event.title.slice(0, TITLE_LIMIT_CHARS).toWellFormed();
    deps.show(title);
    if (deps.now() - writtenAtMs < WRITE_EVERY_MS) return;
    writtenAtMs = deps.now();
    deps.write(title);
  };
}
