import type {
  Claimed,
  DeadJob,
  Exchange,
  Fence,
  MailboxEntry,
  ReplyPlan,
  Session,
} from "@gateway/conversation";
import { createExchange, parseConversationId, turnIdOf } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import { backgroundName, personOf } from "../conversations.ts";
import { planReply } from "../delivery/plan-reply.ts";
import { previewMessage } from "../texts/preview.ts";
import { abandonRun } from "./abandon-run.ts";
import { conclude } from "./conclude.ts";
import { endOfRunCard } from "./end-of-run-card.ts";
import { failureText } from "./failure-text.ts";
import { labelBackground } from "./label-background.ts";
import { planAnswer } from "./plan-answer.ts";
import { readInput, tellTroubles } from "./read-input.ts";
import { runAgent } from "./run-agent.ts";
import { dueReset } from "./session-reset.ts";
import { takeBack } from "./take-back.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";
import { findEarlierNotice } from "./turn-notices.ts";

/** A run that is found again costs nothing, but a message that keeps killing workers has to end. */
const REATTACHED_ATTEMPTS = 10;

/** What to commit, or why there is nothing to commit. */
type Answer =
  | {
      readonly plans: readonly ReplyPlan[];
      readonly exchange?: Exchange;
      /** Messages more than the claim had at first; fewer, when the agent did not get to the last of them. */
      readonly absorbed?: number;
      readonly keepForRetry?: boolean;
    }
  | "shutdown"
  | "lost"
  | "later"
  | "retry";

export interface Place {
  readonly conversation: string;
  readonly fence: Fence;
  readonly signal: AbortSignal;
  readonly app: WorkerApp;
}

/** How often a message may be given to the agent before it is set aside. */
export function attemptsOf(app: WorkerApp | undefined, { settings }: TurnDeps): number {
  return app?.runner.reattaches === true ? REATTACHED_ATTEMPTS : settings.maxAttempts;
}

/** What the person gets for a claimed turn: of the agent, or of the gateway when it cannot be run or has failed. */
export async function answerTurn(claim: Claimed, place: Place, deps: TurnDeps): Promise<Answer> {
  const { app, conversation } = place;
  const messages = claim.entries.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const [first] = messages;
  if (first === undefined) {
    await bury(
      "unreadable",
      "The stored message cannot be read by this version.",
      claim.entries,
      place,
      deps,
    );
    return { plans: [] };
  }
  // Its worker was lost after setting the message aside and before the commit that would have made it final.
  if (claim.again !== undefined) await deps.unbury(first.id);
  const active: ActiveTurn = {
    app,
    conversation,
    id: turnIdOf(first.id),
    messageIds: messages.map(({ id }) => id),
    attempt: claim.attempt,
    startedAtMs: claim.startedAtMs,
    about: previewMessage(first, app.texts),
    again: claim.again,
  };
  const updates = (state: "done" | "stopped" | "failed") => endOfRunCard(active, state, deps.now());
  const ref = parseConversationId(conversation);
  const reply = (kind: ReplyPlan["kind"], text: string, recalls: readonly string[] = []) => ({
    ...planReply({
      id: active.id,
      kind,
      conversation: personOf(ref),
      messageIds: active.messageIds,
      text: labelBackground(ref, app.texts, text),
      createdAtMs: deps.now(),
    }),
    recalls,
  });
  // The person's wish to stop outlived the process that was to obey it.
  if (claim.stop !== undefined) {
    await abandonRun(active, deps);
    const earlier = await findEarlierNotice(active, deps);
    return { plans: takeBack(active, earlier, updates("stopped"), deps.now()), keepForRetry: true };
  }
  const maxAttempts = attemptsOf(app, deps);
  if (claim.attempt > maxAttempts) {
    await abandonRun(active, deps);
    const reason = `Each of ${maxAttempts} attempts ended with the worker's process.`;
    await bury("poison", reason, claim.entries, place, deps);
    const words = app.texts.turn.poison({ reference: first.id });
    const earlier = await findEarlierNotice(active, deps);
    return { plans: [{ ...reply("failure", words, earlier), updates: updates("failed") }] };
  }
  if (claim.losses > 0) {
    const line = { turnId: active.id, messageIds: active.messageIds, losses: claim.losses };
    deps.logger.warn(line, "workers were lost while this turn ran; it is run again");
  }
  const input = await readInput(active, messages, place.signal, deps);
  if (typeof input === "string") return input;
  const { text, attachments, troubles } = input;
  if (text === undefined)
    return { plans: [reply("system", troubles.join("\n") || app.texts.turn.unsupported)] };
  await tellTroubles(active, input, place.fence, deps);

  const session = await currentSession(conversation, deps);
  const run = { messages, text, attachments, session, fence: place.fence, signal: place.signal };
  const end = await runAgent(active, run, deps);
  const absorbed = end.absorbed.length - end.unanswered;
  const ending = conclude(end);
  if (ending === "shutdown" || ending === "lost") return ending;
  // A background task is one turn; it has no session that would outlive it.
  if (backgroundName(ref) === undefined) await deps.sessions.touch(conversation);
  if (ending.status === "stopped")
    return {
      plans: takeBack(active, end.notices, updates("stopped"), deps.now()),
      absorbed,
      keepForRetry: true,
    };
  if (ending.status === "done") {
    const { memory } = ending;
    const kept = memory === undefined ? undefined : { of: app.runner.kind, state: memory };
    const exchange = createExchange(text, ending.text, { atMs: deps.now(), turnId: active.id }, kept);
    const told = ending.truncated === true ? `${ending.text}\n\n${app.texts.turn.truncated}` : ending.text;
    const answered = { ...ending, text: told, recalls: end.notices };
    const plan = await planAnswer(active, answered, place.signal, deps);
    const plans = [{ ...plan, updates: updates("done") }];
    return { plans, exchange, absorbed, keepForRetry: true };
  }
  const line = { turnId: active.id, code: ending.code, detail: ending.detail };
  if (ending.retryable && claim.attempt < deps.settings.maxAttempts) {
    deps.logger.warn(line, "run failed; it is tried again");
    return "retry";
  }
  deps.logger.error(line, "run failed");
  await bury(ending.code, ending.detail, [...claim.entries, ...end.absorbed], place, deps);
  const words = failureText(ending.code, first.id, app.texts);
  const exchange = createExchange(text, words, { atMs: deps.now(), turnId: active.id });
  const plans = [{ ...reply("failure", words, end.notices), updates: updates("failed") }];
  return { plans, exchange, absorbed, keepForRetry: true };
}

async function currentSession(conversation: string, deps: TurnDeps): Promise<Session> {
  const session = await deps.sessions.read(conversation);
  const cause = dueReset(session, deps.now(), deps.settings.session);
  return cause === undefined
    ? session
    : { ...session, epoch: await deps.sessions.renew(conversation, cause) };
}

async function bury(
  code: string,
  reason: string,
  entries: readonly MailboxEntry[],
  place: Place,
  deps: TurnDeps,
): Promise<void> {
  const messageIds = entries.map(
    ({ message }, index) => message?.id ?? `unreadable-${place.fence.jobId}-${index}`,
  );
  const { conversation } = place;
  const job: DeadJob = { v: 1, what: "message", conversation, messageIds, code, reason, atMs: deps.now() };
  await deps.bury(
    job,
    entries.map(({ raw }) => raw),
  );
}
