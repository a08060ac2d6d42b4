import type { AgentRunner } from "../../../../services/worker/src/runners/runner.ts";
import { waitUntil } from "../../../support/wait-until.ts";
import type { BegunRun, RunOptions } from "./begin-run.ts";
import { beginRun } from "./begin-run.ts";
import type { Abilities, Act, Subject } from "./subject.ts";

export interface PlayOptions extends RunOptions {
  readonly runner?: AgentRunner;
  /** Behind the message, as part of it. */
  readonly padding?: string;
}

export interface Play extends BegunRun {
  readonly id: string;
  readonly text: string;
}

/** Where a subject is tested: its agent gets acts to play, and every run is remembered. */
export interface Stage {
  readonly abilities: Abilities;
  readonly subject: Subject;
  /** The first runner of the subject. */
  readonly runner: AgentRunner;
  readonly plays: readonly Play[];
  play(act: Act, options?: PlayOptions): Play;
  /** The next process gets the turn. */
  again(play: Play, options?: PlayOptions): Play;
  /** Waits until the agent has the message. */
  untilGiven(play: Play, times?: number): Promise<void>;
  untilNothingLeft(): Promise<void>;
}

export function createStage(abilities: Abilities, subject: Subject): Stage {
  const runner = subject.runner();
  const plays: Play[] = [];
  const begin = (id: string, text: string, { runner: chosen = runner, ...options }: PlayOptions): Play => {
    const play = Object.assign(beginRun(chosen, text, options), { id, text });
    plays.push(play);
    return play;
  };
  return {
    abilities,
    subject,
    runner,
    plays,
    play(act, { padding = "", ...options } = {}) {
      const id = `words-${crypto.randomUUID()}`;
      const text = subject.say(act, id);
      if (text === undefined) throw new Error(`The agent cannot ${act.do}: say so in its abilities.`);
      return begin(id, text + padding, options);
    },
    again: ({ id, text, ...play }, options = {}) => begin(id, text, { ...options, after: play }),
    async untilGiven({ id, events }, times = 1) {
      await waitUntil("the agent has the message", async () => (await subject.given(id)).length >= times, {
        describe: () => `${JSON.stringify(events)}\n${subject.logs()}`,
      });
    },
    async untilNothingLeft() {
      await waitUntil("nothing of the agent is left", async () => (await subject.left()) === 0);
    },
  };
}
