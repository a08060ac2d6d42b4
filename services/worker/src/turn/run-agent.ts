import type {
  Decision,
  Fence,
  InboundMessage,
  MailboxEntry,
  Session,
  TurnState,
} from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import { personOf } from "../conversations.ts";
import { planReply } from "../delivery/plan-reply.ts";
import { startNotices } from "../progress/notices.ts";
import type { AbortReason, AgentEvent, Turn, TurnIO, TurnResult } from "../runners/runner.ts";
import { durationText } from "../texts/duration.ts";
import { askPerson } from "./ask-person.ts";
import { labelBackground } from "./label-background.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";
import { messageText } from "./turn-input.ts";
import { watchIdle } from "./watch-idle.ts";

/** How often at most "what it is doing" is written down for /status. */
const DOING_EVERY_MS = 2000;

export interface RunEnd {
  readonly result: TurnResult;
  /** Why the run was told to stop, when it was. */
  readonly stopped: AbortReason | undefined;
  /** Messages that the run took in while it ran, behind those it began with. */
  readonly absorbed: readonly MailboxEntry[];
  /** Replies that told of the run and are superfluous now. */
  readonly notices: readonly string[];
}

/** Runs the agent and looks after it: notices, commands from the person, approvals, silence. */
export async function runAgent(
  active: ActiveTurn,
  input: {
    messages: readonly InboundMessage[];
    text: string;
    session: Session;
    fence: Fence;
    signal: AbortSignal;
  },
  deps: TurnDeps,
): Promise<RunEnd> {
  const { app, conversation } = active;
  const { logger, now, settings } = deps;
  const line = { turnId: active.id, app: app.name, attempt: active.attempt };
  const startedAtMs = now();
  const stop = new AbortController();
  const signal = AbortSignal.any([input.signal, stop.signal]);
  const absorbed: MailboxEntry[] = [];
  let steer: Parameters<TurnIO["onSteer"]>[0] | undefined;

  const notices = startNotices({
    texts: app.texts,
    afterSeconds: settings.noticeAfterSeconds,
    startedAtMs,
    now,
    send: (name, text, recalls) => notify(active, name, text, recalls, deps),
    logger,
  });
  const idle = watchIdle({
    limitMs: settings.idleMs,
    onWarn: (idleMs) =>
      notices.say("idle", app.texts.turn.idleWarning({ idle: durationText(app.texts, idleMs) })),
    onExpire: () => stop.abort("idle" satisfies AbortReason),
  });
  const lookOnce = async () => {
    const state = await deps.turnControl.read(conversation);
    if (state.stop !== undefined) return stop.abort(state.stop satisfies AbortReason);
    if (steer !== undefined) await absorbNext(state, state.claimed, steer);
    await asking.look();
  };
  // One after the other: two at once would hand the same message to the runner twice.
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = looking.then(lookOnce, lookOnce);
    return looking;
  };
  const absorbNext = async (
    state: TurnState,
    claimed: number,
    accept: NonNullable<typeof steer>,
  ): Promise<void> => {
    const entry = await deps.mailbox.next(conversation, claimed);
    const message = entry?.message;
    if (entry === undefined || message === undefined || !isForRunningTurn(message, state)) return;
    const text = messageText(message);
    if (text === undefined || !(await accept(text))) return;
    if (!(await deps.mailbox.absorb(conversation, input.fence, entry))) return;
    absorbed.push(entry);
    await absorbNext(state, claimed + 1, accept);
  };
  const asking = askPerson(active, {
    approvals: deps.approvals,
    notify: notices.say,
    waitMs: settings.approvalMs,
    signal,
    now,
  });
  const io: TurnIO = {
    signal,
    emit: observe(
      notices.observe,
      idle.alive,
      (doing) => deps.turnControl.setDoing(conversation, doing),
      deps,
    ),
    approve: async (request): Promise<Decision | "expired"> => {
      const resume = idle.pause();
      return asking.ask(request).finally(resume);
    },
    onSteer: (accept) => {
      steer = accept;
      deps.turnControl
        .setTakesSteer(conversation)
        .then(look)
        .catch((error: unknown) => logger.warn({ ...line, err: error }, "steering was not announced"));
    },
  };
  const turn: Turn = {
    id: active.id,
    attempt: active.attempt,
    conversation: { ...parseConversationId(conversation), id: conversation },
    session: input.session,
    appName: app.name,
    messages: input.messages,
    text: input.text,
    history: await deps.transcript(conversation),
  };
  const leave = deps.running.enter(conversation, look);
  try {
    if (active.attempt > 1) {
      notices.say("resumed", app.texts.turn.resumed);
      await asking.forgetEarlier();
    }
    logger.info({ ...line, messageIds: active.messageIds }, "run started");
    await look();
    const result = await app.runner.run(turn, io).catch((error: unknown): TurnResult => {
      logger.error({ ...line, err: error }, "runner rejected, which it must never do");
      return {
        status: "failed",
        code: "internal",
        retryable: false,
        detail: "The runner itself failed; see the log.",
      };
    });
    const stopped = signal.aborted ? (signal.reason as AbortReason) : undefined;
    logger.info({ ...line, result: result.status, stopped, ms: now() - startedAtMs }, "run ended");
    return { result, stopped, absorbed, notices: await notices.stop() };
  } finally {
    leave();
    idle.stop();
    await asking.stop();
    await notices.stop();
  }
}

/** What /queue and /retry add is a turn of its own; /steer means this one, whatever the busy mode is. */
function isForRunningTurn(message: InboundMessage, state: TurnState): boolean {
  return message.ownTurn === undefined && (state.steer || message.steer === true);
}

/** Names are fixed within a turn, so that a run resumed after a crash tells nothing twice. */
async function notify(
  active: ActiveTurn,
  name: string,
  text: string,
  recalls: readonly string[],
  deps: TurnDeps,
): Promise<string> {
  const id = `no-${active.id}-${name}`;
  const ref = parseConversationId(active.conversation);
  const input = {
    id,
    kind: "notice" as const,
    conversation: personOf(ref),
    messageIds: [active.id],
    text: labelBackground(ref, active.app.texts, text),
    createdAtMs: deps.now(),
  };
  await deps.notify({ ...planReply(input), recalls });
  return id;
}

function observe(
  show: (title: string) => void,
  alive: () => void,
  setDoing: (doing: string) => Promise<void>,
  deps: Pick<TurnDeps, "now" | "logger">,
): (event: AgentEvent) => void {
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    alive();
    if (event.type !== "progress") return;
    const title = event.title.slice(0, 200).toWellFormed();
    show(title);
    if (deps.now() - writtenAtMs < DOING_EVERY_MS) return;
    writtenAtMs = deps.now();
    setDoing(title).catch((error: unknown) =>
      deps.logger.warn({ err: error }, "progress was not written down"),
    );
  };
}
