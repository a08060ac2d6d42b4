import { setTimeout as delay } from "node:timers/promises";
import type { AgentEvent } from "../runner.ts";
import type { ModelFailure } from "./model-failure.ts";
import { describeModelFailure } from "./model-failure.ts";

const TRIES = 5;
const FIRST_PAUSE_MS = 1000;
/** An endpoint that wants a longer pause is not waited for: the turn comes again, or the person does. */
const PAUSE_LIMIT_MS = 60_000;

/** The model could not be brought to answer. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly failure: ModelFailure;
  constructor(failure: ModelFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/**
 * Asks again while that may help; nothing that the model said before it broke off has had any effect. Rejects with a
 * ModelError, or with the signal's reason.
 */
export async function askPatiently<Answer>(
  ask: () => Promise<Answer>,
  { signal, emit, pauseMs = FIRST_PAUSE_MS }: Patience,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      const failure = describeModelFailure(error);
      const waitMs = failure.pauseMs ?? pauseMs * 2 ** (tries - 1);
      if (!failure.again || tries >= (failure.tries ?? TRIES) || waitMs > PAUSE_LIMIT_MS)
        throw new ModelError(failure);
      emit({ type: "busy", againInMs: waitMs });
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
}

export interface Patience {
  readonly signal: AbortSignal;
  readonly emit: (event: AgentEvent) => void;
  /** Before the second try; it doubles from there. */
  readonly pauseMs?: number;
}
