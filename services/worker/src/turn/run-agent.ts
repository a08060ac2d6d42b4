import type { Fence, InboundMessage, MailboxEntry, Session } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { Notices } from "../progress/notices.ts";
import type { AbortReason, Attachment, Turn, TurnIO, TurnResult } from "../runners/runner.ts";
import { durationText } from "../texts/duration.ts";
import { askPerson } from "./ask-person.ts";
import { observeEvents } from "./observe-events.ts";
import type { Steering } from "./steering.ts";
import { createSteering } from "./steering.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";
import { createTurnNotices } from "./turn-notices.ts";
import type { IdleWatch } from "./watch-idle.ts";
import { watchIdle } from "./watch-idle.ts";

export interface RunInput {
  readonly messages: readonly InboundMessage[];
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly session: Session;
  readonly fence: Fence;
  /** Fires when the process stops or the conversation is lost to another worker. */
  readonly signal: AbortSignal;
}

export interface RunEnd {
  readonly result: TurnResult;
  /** Why the run was told to stop, when it was. */
  readonly stopped: AbortReason | undefined;
  /** Messages that the run took in while it ran, behind those it began with. */
  readonly absorbed: readonly MailboxEntry[];
  /** How many of the messages that it began with, the last ones, the agent did not get to. */
  readonly unanswered: number;
  /** Replies that told of the run and are superfluous now. */
  readonly notices: readonly string[];
}

/** Runs the agent and looks after it: notices, commands from the person, approvals, silence. */
export async function runAgent(active: ActiveTurn, input: RunInput, deps: TurnDeps): Promise<RunEnd> {
  const startedAtMs = deps.now();
  const line = { turnId: active.id, app: active.app.name, attempt: active.attempt };
  let unread: { readonly error: unknown } | undefined;
  const turn = await describeTurn(active, input, deps, (error) => {
    unread = { error };
  });
  const care = lookAfter(active, input, deps);
  const leave = deps.running.enter(active.conversation, care.look);
  try {
    if (active.again !== undefined) await care.tellAgain(active.again);
    deps.logger.info({ ...line, messageIds: active.messageIds }, "run started");
    await care.look();
    const result = await active.app.runner.run(turn, care.io).catch((error: unknown): TurnResult => {
      if (care.io.signal.reason === "lost") return { status: "cancelled" };
      deps.logger.error({ ...line, err: error }, "runner rejected, which it must never do");
      const detail = "The runner itself failed; see the log.";
      return { status: "failed", code: "internal", retryable: false, detail };
    });
    // Redis' trouble, and not the agent's: the job is tried again.
    if (unread !== undefined) throw unread.error;
    // What the run has just taken in is part of the turn; nothing more may become so once it is counted.
    await care.stopLooking();
    const { signal } = care.io;
    const stopped = signal.aborted ? (signal.reason as AbortReason) : undefined;
    deps.logger.info({ ...line, result: result.status, stopped, ms: deps.now() - startedAtMs }, "run ended");
    return {
      result,
      stopped,
      ...takenIn(care.steering.absorbed, result),
      notices: await care.notices.stop(),
    };
  } finally {
    leave();
    await care.stop();
  }
}

function takenIn(
  accepted: readonly MailboxEntry[],
  result: TurnResult,
): Pick<RunEnd, "absorbed" | "unanswered"> {
  const untaken = result.status === "done" ? (result.untaken ?? 0) : 0;
  const taken = accepted.length - untaken;
  return { absorbed: accepted.slice(0, Math.max(taken, 0)), unanswered: Math.max(-taken, 0) };
}

/** Everything that goes on beside a run. */
function lookAfter(active: ActiveTurn, input: RunInput, deps: TurnDeps) {
  const { conversation } = active;
  const { turnControl, settings, now, logger } = deps;
  const own = new AbortController();
  const stop = (reason: AbortReason) => own.abort(reason);
  const signal = AbortSignal.any([input.signal, own.signal]);
  const warn = (what: string) => (error: unknown) => logger.warn({ turnId: active.id, err: error }, what);

  const notices = createTurnNotices(active, input.fence, deps);
  const idle = createIdleWatch(active, deps, notices, () => stop("idle"));
  const waitMs = settings.approvalMs;
  const { approvals, mask } = deps;
  const asking = askPerson(active, { approvals, mask, notify: notices.say, waitMs, signal });
  const steering: Steering = createSteering({
    ...{ conversation, fence: input.fence, mailbox: deps.mailbox, turnControl },
    onOpen: () => void look().catch(warn("what waits was not offered to the run")),
    onError: warn("steering was not announced"),
  });

  let hasEnded = false;
  const lookOnce = async () => {
    if (hasEnded) return;
    const state = await turnControl.read(conversation);
    if (state.stop !== undefined) return stop(state.stop);
    await steering.offer(state);
    await asking.look();
  };
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = looking.then(lookOnce, lookOnce);
    return looking;
  };
  const io: TurnIO = {
    signal,
    emit: observeEvents({
      texts: active.app.texts,
      alive: idle.alive,
      show: notices.observe,
      write: (title) =>
        void turnControl.setDoing(conversation, title).catch(warn("progress was not written down")),
      now,
    }),
    approve: (request) => {
      const resume = idle.pause();
      return asking.ask(request).finally(resume);
    },
    onSteer: steering.open,
    async checkpoint(checkpoint) {
      if (await deps.checkpoints.save(checkpointPlace(active, input), input.fence, checkpoint)) return;
      stop("lost");
      throw new Error("Another worker has the turn; its checkpoint was not stored.");
    },
  };
  return {
    io,
    look,
    notices,
    steering,
    async tellAgain(why: NonNullable<ActiveTurn["again"]>) {
      const { resumed, retried } = active.app.texts.turn;
      notices.say(`resumed-${active.attempt}`, why === "cut_off" ? resumed : retried);
      await asking.forgetEarlier();
    },
    async stopLooking() {
      hasEnded = true;
      await looking.catch(() => undefined);
    },
    async stop() {
      idle.stop();
      await asking.stop();
      await notices.stop();
    },
  };
}

function createIdleWatch(
  active: ActiveTurn,
  deps: TurnDeps,
  notices: Notices,
  onExpire: () => void,
): IdleWatch {
  const { texts } = active.app;
  // Once for each run: one that was handed over is of the same attempt.
  const name = `idle-${deps.now()}`;
  return watchIdle({
    limitMs: deps.settings.idleMs,
    onWarn: (idleMs) => notices.say(name, texts.turn.idleWarning({ idle: durationText(texts, idleMs) })),
    onExpire,
  });
}

function checkpointPlace({ app, conversation, id }: ActiveTurn, { session }: RunInput) {
  return { conversation, turnId: id, runner: app.runner.kind, epoch: session.epoch };
}

async function describeTurn(
  active: ActiveTurn,
  input: RunInput,
  deps: TurnDeps,
  onUnread: (error: unknown) => void,
): Promise<Turn> {
  const stored = await deps.checkpoints.read(checkpointPlace(active, input));
  const { epoch } = input.session;
  return {
    id: active.id,
    attempt: active.attempt,
    conversation: { ...parseConversationId(active.conversation), id: active.conversation },
    session: { epoch, ...(stored.session === undefined ? {} : { state: stored.session }) },
    ...(stored.run === undefined ? {} : { checkpoint: stored.run }),
    steps: stored.steps,
    appName: active.app.name,
    messages: input.messages,
    text: input.text,
    attachments: input.attachments,
    history: () =>
      deps.transcript(active.conversation).catch((error: unknown) => {
        onUnread(error);
        throw error;
      }),
  };
}
