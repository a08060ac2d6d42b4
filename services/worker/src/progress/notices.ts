import type { Logger } from "pino";
import type { AgentEvent } from "../runners/runner.ts";
import type { Texts } from "../texts/catalog.ts";

/** WeCom shows neither typing nor streaming: after these times a person is told that work goes on. */
export const NOTICE_AFTER_SECONDS = [15, 60, 180, 360, 600, 900, 1200, 1500, 1800] as const;
const THEN_EVERY_SECONDS = 600;

export interface Notices {
  observe(event: AgentEvent): void;
  stop(): Promise<void>;
}

interface Deps {
  readonly texts: Texts;
  readonly startedAtMs: number;
  readonly now: () => number;
  /** `index` is the notice's place in the schedule: stable, so that a run resumed after a crash repeats none. */
  readonly send: (index: number, text: string) => Promise<void>;
  readonly logger: Logger;
}

/** Tells the person at growing intervals how long the run has taken and what it is doing. */
export function startNotices(deps: Deps): Notices {
  let doing: string | undefined;
  let index = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const schedule = () => {
    const dueMs = deps.startedAtMs + noticeAfterSeconds(index) * 1000;
    timer = setTimeout(tell, Math.max(dueMs - deps.now(), 0));
  };
  const tell = () => {
    const elapsed = deps.texts.duration(Math.round((deps.now() - deps.startedAtMs) / 1000));
    sending = deps
      .send(index, deps.texts.working(elapsed, doing))
      .catch((error: unknown) => deps.logger.warn({ err: error }, "a notice could not be stored"));
    index += 1;
    schedule();
  };
  schedule();

  return {
    observe: (event) => {
      doing = event.title.slice(0, 200);
    },
    stop: async () => {
      clearTimeout(timer);
      // A notice on its way is in the outbox before the answer is, or not at all.
      await sending;
    },
  };
}

function noticeAfterSeconds(index: number): number {
  const last = NOTICE_AFTER_SECONDS.length - 1;
  return (
    NOTICE_AFTER_SECONDS[index] ?? (NOTICE_AFTER_SECONDS[last] ?? 0) + (index - last) * THEN_EVERY_SECONDS
  );
}
