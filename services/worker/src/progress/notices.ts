import type { CardUpdate, ReplyKind } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { Logger } from "pino";
import { RUN_CARD } from "../cards/run-card.ts";
import type { PlannedMessage } from "../delivery/plan-reply.ts";
import { durationText } from "../texts/duration.ts";

/** A text, a card with what stands in for it, or a card behind a text; and cards whose state it settles. */
export interface Notice {
  readonly text: string;
  readonly card?: PlannedMessage;
  readonly updates?: readonly CardUpdate[];
}

export interface Notices {
  /** What the agent is doing, for the next notice; empty for nothing that could be told. */
  observe(title: string): void;
  /** Tells something now that has to arrive: a warning, a question. */
  say(name: string, notice: string | Notice): void;
  /** Ends the schedule. Returns the ids of the notices that the answer makes superfluous. */
  stop(): Promise<readonly string[]>;
}

interface Sending {
  /** A notice may be left out when something newer follows it; a system message is an answer or a question. */
  readonly kind: Extract<ReplyKind, "notice" | "system">;
  /** Earlier notices that this one replaces. */
  readonly recalls: readonly string[];
}

interface Deps {
  readonly texts: Texts;
  /** The last interval repeats for ever. */
  readonly afterSeconds: readonly number[];
  /** Takes the place of the first notice where the app shows cards: made when it is due. */
  readonly card?: {
    readonly afterSeconds: number;
    readonly make: (doing: string | undefined) => PlannedMessage;
  };
  /** When the turn began, which may be attempts ago. */
  readonly startedAtMs: number;
  /** Of a run that goes on after another: the notices that the earlier one left on the screen. */
  readonly earlier?: () => Promise<readonly string[]>;
  readonly now: () => number;
  /** Stores a notice and returns its id. `name` is fixed: a run resumed after a crash says nothing twice. */
  readonly send: (name: string, notice: Notice, how: Sending) => Promise<string>;
  readonly logger: Logger;
}

/**
 * WeCom shows neither typing nor streaming. Tells the person at growing intervals how long the run has taken and
 * what it is doing.
 */
export function startNotices(deps: Deps): Notices {
  let doing: string | undefined;
  let index = firstIndex(deps);
  let timer: NodeJS.Timeout | undefined;
  let cardTimer: NodeJS.Timeout | undefined;
  /** The progress notice now on the screen: the next one, or the answer, takes it back. */
  let shown: readonly string[] = [];
  const warn = (error: unknown) => deps.logger.warn({ err: error }, "a notice could not be stored");
  let sending: Promise<void> = findEarlier().catch(warn);

  async function findEarlier() {
    shown = (await deps.earlier?.()) ?? [];
  }
  // One after the other, so that a notice is in the outbox before what follows it.
  const send = (name: string, notice: Notice, kind: Sending["kind"]) => {
    sending = sending
      .then(async () => {
        // A card is brought up to date at the end; nothing takes it back.
        const isProgress = kind === "notice" && notice.card === undefined;
        const id = await deps.send(name, notice, { kind, recalls: isProgress ? shown : [] });
        if (isProgress) shown = [id];
      })
      .catch(warn);
  };
  const schedule = () => {
    const dueMs = deps.startedAtMs + dueAfterSeconds(deps.afterSeconds, index) * 1000;
    timer = setTimeout(
      () => {
        const elapsed = durationText(deps.texts, deps.now() - deps.startedAtMs);
        const { working, workingOn } = deps.texts.turn;
        const text = doing === undefined ? working({ elapsed }) : workingOn({ elapsed, doing });
        send(String(index), { text }, "notice");
        index += 1;
        schedule();
      },
      Math.max(dueMs - deps.now(), 0),
    );
  };
  if (deps.afterSeconds.length > 0) schedule();
  if (deps.card !== undefined) {
    const { afterSeconds, make } = deps.card;
    const waitMs = deps.startedAtMs + afterSeconds * 1000 - deps.now();
    cardTimer = setTimeout(
      () => send(RUN_CARD, { text: "", card: make(doing) }, "notice"),
      Math.max(waitMs, 0),
    );
  }

  return {
    observe: (title) => {
      doing = title === "" ? undefined : title;
    },
    say: (name, notice) => send(name, typeof notice === "string" ? { text: notice } : notice, "system"),
    async stop() {
      clearTimeout(timer);
      clearTimeout(cardTimer);
      await sending;
      return shown;
    },
  };
}

/** What an earlier run has told is not told again; of what a long preparation let pass, the last is told. */
function firstIndex({ afterSeconds, startedAtMs, now, card, earlier }: Deps): number {
  const passed = countDue(afterSeconds, now() - startedAtMs);
  return Math.max(card === undefined ? 0 : 1, earlier === undefined ? passed - 1 : passed);
}

/** How many notices are due by then. */
export function countDue(afterSeconds: readonly number[], elapsedMs: number): number {
  let count = 0;
  while (afterSeconds.length > 0 && dueAfterSeconds(afterSeconds, count) * 1000 <= elapsedMs) count += 1;
  return count;
}

export function dueAfterSeconds(afterSeconds: readonly number[], index: number): number {
  const last = afterSeconds.length - 1;
  const listed = afterSeconds[index];
  if (listed !== undefined) return listed;
  const lastDue = afterSeconds[last] ?? 0;
  const interval = Math.max(lastDue - (afterSeconds[last - 1] ?? 0), 1);
  return lastDue + (index - last) * interval;
}
