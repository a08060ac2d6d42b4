import type { CardUpdate } from "@gateway/conversation";

/** What a command or a press comes to: what to tell the person, and cards whose final state is known with it. */
export interface ControlAnswer {
  readonly text?: string | undefined;
  readonly updates?: readonly CardUpdate[];
}
