import type { AgentRunner } from "../../../../services/worker/src/runners/runner.ts";

/** What the agent behind a runner is asked to do by a message. */
export type Act =
  | { readonly do: "answer"; readonly text: string }
  /** Tells what it is doing, then answers. */
  | { readonly do: "progress"; readonly titles: readonly string[]; readonly text: string }
  /** Answers once `release` was called. */
  | { readonly do: "wait"; readonly text: string }
  /** Never answers, says nothing, ends when it is told to. */
  | { readonly do: "hang" }
  /** Never answers and does its best not to end. */
  | { readonly do: "stubborn" }
  /** Wants to be allowed something; answers "approved" or "denied". */
  | { readonly do: "ask"; readonly title: string }
  /** Says that it failed, in words that are nobody's business. */
  | { readonly do: "fail"; readonly why: string }
  /** Ends well and has said nothing but blanks. */
  | { readonly do: "empty" }
  /** Half an answer, then it is gone. */
  | { readonly do: "die"; readonly text: string }
  /** Far more than any answer may have, without an end. */
  | { readonly do: "flood" }
  /** An answer in which bytes that are not UTF-8 stand between "left" and "right". */
  | { readonly do: "garbage" }
  | { readonly do: "remember"; readonly word: string }
  /** Answers the word that it was told to remember in this session, or that it knows none. */
  | { readonly do: "recall" };

/** What a runner has got and what not. What it has not got is tested to be absent. */
export interface Abilities {
  /** live: a request reaches the person and the answer the agent. refused: it may ask and is told no. none: it cannot ask. */
  readonly approvals: "live" | "refused" | "none";
  readonly progress: boolean;
  readonly steer: boolean;
  /** own: the agent has a session that the runner finds again. history: it is told what was said before. */
  readonly memory: "own" | "history" | "none";
  /**
   * What a further attempt does with a message that the agent was given already. reattaches: finds the run.
   * continues: tells the agent to go on, or gives up; never hands the message over again. again: runs it anew.
   */
  readonly afterCrash: "reattaches" | "continues" | "again";
  /** A run ends after `timeoutMs`. */
  readonly timeLimit: boolean;
  /** What its agent cannot be brought to do. */
  readonly cannot: readonly Act["do"][];
}

/** A kind of runner with an agent that plays; see `describeRunnerContract`. */
export interface Subject {
  /** A runner set up for the agent. A second one is that of the next process. */
  runner(options?: { readonly timeoutMs?: number }): AgentRunner;
  /** One whose agent is not there; undefined for a kind that needs nothing. */
  broken(): AgentRunner | undefined;
  /** The message that makes the agent do so. It has `id` in it; undefined for what it cannot do. */
  say(act: Act, id: string): string | undefined;
  /** Every message with this id that the agent was given, whole, as often as it was. */
  given(id: string): Promise<readonly string[]>;
  /** Lets the agent answer the message that it waits with. */
  release(id: string): Promise<void>;
  /** How many of the agent's processes, or of its runs, are still going on. */
  left(): Promise<number>;
  /** What the runner was given to keep to itself. */
  readonly secrets: readonly string[];
  /** Every line that its runners logged. */
  logs(): string;
  stop(): Promise<void>;
}
