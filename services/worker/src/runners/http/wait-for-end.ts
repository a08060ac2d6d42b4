import type { Logger } from "pino";
import type { Turn, TurnIO, TurnResult } from "../runner.ts";
import { AgentFault } from "./agent-fault.ts";
import type { CallbackWaiter } from "./callback-waiter.ts";
import { hear, readWord } from "./read-answer.ts";
import type { RunState } from "./run-state.ts";

interface WaitContext {
  readonly turn: Turn;
  readonly io: TurnIO;
  readonly callbacks: Pick<CallbackWaiter, "read" | "wait">;
  readonly logger: Pick<Logger, "warn">;
}

/** Waits for the callback that ends the run. @throws AgentFault, and whatever the signal was aborted with. */
export async function waitForEnd(
  run: WaitContext,
  state: RunState,
  signal: AbortSignal,
): Promise<TurnResult> {
  const { callbacks, turn, io, logger } = run;
  for (let heard = 0; ; ) {
    signal.throwIfAborted();
    // Listening before looking: what comes in between is not missed.
    const woken = callbacks.wait(turn.conversation.id, signal);
    try {
      const said = await callbacks.read(state.token);
      if (said.progress !== undefined && said.count > heard) tell(said.progress, io);
      if (said.end !== undefined) return end(said.end, io);
      heard = said.count;
    } catch (error) {
      if (error instanceof AgentFault) throw error;
      logger.warn({ turnId: turn.id, err: error }, "callbacks cannot be read now");
    }
    await woken;
  }
}

/** The answer, if it is there already. @throws AgentFault */
export async function readEnd(
  { callbacks, io }: WaitContext,
  { token }: RunState,
): Promise<TurnResult | undefined> {
  const said = await callbacks.read(token);
  return said.end === undefined ? undefined : end(said.end, io);
}

function end(body: string, io: TurnIO): TurnResult {
  const word = readWord(body);
  const result = word.type === "delta" ? undefined : hear(word, io);
  if (result === undefined) throw new AgentFault("protocol", "The agent's callback is no answer.");
  return result;
}

function tell(body: string, io: TurnIO): void {
  const word = readWord(body);
  if (word.type === "progress") hear(word, io);
}
