import type { Claim, Fence } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import type { Place } from "./answer-turn.ts";
import { answerTurn, attemptsOf } from "./answer-turn.ts";
import { chooseBatch } from "./choose-batch.ts";
import type { TurnDeps } from "./turn-deps.ts";

export type TurnOutcome =
  | { readonly status: "committed"; readonly remaining: number }
  | { readonly status: "empty" }
  | { readonly status: "lost" }
  | { readonly status: "busy" }
  | { readonly status: "early"; readonly afterMs: number }
  /** It may be what workers die of, and another such turn is being tried here. */
  | { readonly status: "suspect" }
  /** The run failed in a way that may pass, and may be repeated without harm. The claim stays. */
  | { readonly status: "retry"; readonly attempt: number }
  /** Given back unharmed: the worker is stopping, or the app or a file is not to be had at the moment. */
  | { readonly status: "released"; readonly why: "shutdown" | "no_app" | "no_file" };

/** One turn: claim the head of the mailbox, run the agent, commit the reply's plan. */
export async function processTurn(
  conversation: string,
  fence: Fence,
  signal: AbortSignal,
  app: WorkerApp | undefined,
  deps: TurnDeps,
): Promise<TurnOutcome> {
  const claim = (alone: boolean) =>
    deps.mailbox.claim(
      conversation,
      fence,
      (waiting) => chooseBatch(waiting, deps.now(), deps.settings.batch),
      { alone },
    );
  const place = { conversation, fence, signal, app };
  const claimed = await claim(false);
  if (claimed.status !== "suspect") return finish(claimed, place, deps);
  // One whose attempts are used up is not run any more, and endangers nobody.
  const leave = claimed.attempts < attemptsOf(app, deps) ? deps.trials.begin() : () => undefined;
  if (leave === undefined) return { status: "suspect" };
  try {
    return await finish(await claim(true), place, deps);
  } finally {
    leave();
  }
}

async function finish(
  claim: Claim,
  { app, ...rest }: Omit<Place, "app"> & { readonly app: WorkerApp | undefined },
  deps: TurnDeps,
): Promise<TurnOutcome> {
  const { conversation, fence } = rest;
  if (claim.status !== "claimed") return claim;
  if (app === undefined) {
    await deps.mailbox.release(conversation, fence);
    return { status: "released", why: "no_app" };
  }
  const result = await answerTurn(claim, { ...rest, app }, deps);
  if (result === "shutdown") {
    await deps.mailbox.release(conversation, fence, { begun: true });
    return { status: "released", why: "shutdown" };
  }
  if (result === "later") {
    await deps.mailbox.release(conversation, fence);
    return { status: "released", why: "no_file" };
  }
  if (result === "lost") return { status: "lost" };
  if (result === "retry") {
    await deps.mailbox.endAttempt(conversation, fence);
    return { status: "retry", attempt: claim.attempt };
  }
  const count = Math.max(claim.entries.length + (result.absorbed ?? 0), 1);
  const committed = await deps.mailbox.commit(conversation, fence, count, result);
  return committed.status === "superseded" ? { status: "lost" } : committed;
}
