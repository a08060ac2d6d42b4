import type { RunnerConfig } from "@gateway/service-kit";
import type { LanguageModel } from "ai";
import type { Turn, TurnIO } from "../runner.ts";
import type { Context } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import type { Journal } from "./journal.ts";
import type { ToolBox } from "./tools/tool-box.ts";

export type OpenaiConfig = Extract<RunnerConfig, { kind: "openai" }>;

/** One turn at work. */
export interface Run {
  readonly config: OpenaiConfig;
  readonly model: LanguageModel;
  readonly turn: Turn;
  readonly io: TurnIO;
  /** The person's wish, the gateway's, or the run's own deadline. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly journal: Journal;
  readonly box: ToolBox;
  readonly context: Context;
  readonly system: string;
  /** Before the second try of a call of the model. */
  readonly pauseMs?: number;
}
