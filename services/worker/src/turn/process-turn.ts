import type { DeadJob, Fence, InboundMessage, Mailbox, MailboxEntry, ReplyPlan } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { Logger } from "pino";
import { planReply } from "../delivery/plan-reply.ts";
import { startNotices } from "../progress/notices.ts";
import type { AgentRunner, Turn, TurnResult } from "../runners/runner.ts";
import type { Texts } from "../texts/catalog.ts";
import { messageText } from "./turn-input.ts";

/** What the worker knows of the app that a conversation belongs to. */
export interface AppForTurns {
  readonly name: string;
  readonly runner: AgentRunner;
  readonly texts: Texts;
}

export interface TurnDeps {
  readonly mailbox: Mailbox;
  readonly app: AppForTurns | undefined;
  /** How often a message may be given to the agent before it is set aside. */
  readonly maxAttempts: number;
  readonly bury: (job: DeadJob, stored: readonly string[]) => Promise<void>;
  readonly notify: (plan: ReplyPlan) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
}

export type TurnOutcome =
  | { readonly status: "committed"; readonly remaining: number }
  | { readonly status: "empty" }
  | { readonly status: "lost" }
  | { readonly status: "busy" }
  /** Given back unharmed: the worker is stopping, or the app is not configured at the moment. */
  | { readonly status: "released"; readonly why: "shutdown" | "no_app" };

/** One turn: claim the head of the mailbox, run the agent, commit the reply's plan. */
export async function processTurn(
  conversation: string,
  fence: Fence,
  signal: AbortSignal,
  deps: TurnDeps,
): Promise<TurnOutcome> {
  const claim = await deps.mailbox.claim(conversation, fence, 1);
  if (claim.status !== "claimed") return claim;
  if (deps.app === undefined) {
    await deps.mailbox.release(conversation, fence);
    return { status: "released", why: "no_app" };
  }
  const run = { conversation, fence, signal, app: deps.app, attempt: claim.attempt, entries: claim.entries };
  const result = await answer(run, deps);
  if (result === "shutdown") {
    await deps.mailbox.release(conversation, fence);
    return { status: "released", why: "shutdown" };
  }
  if (result === "lost") return { status: "lost" };
  const committed = await deps.mailbox.commit(conversation, fence, claim.entries.length, result);
  return committed.status === "superseded" ? { status: "lost" } : committed;
}

interface Run {
  readonly conversation: string;
  readonly fence: Fence;
  readonly signal: AbortSignal;
  readonly app: AppForTurns;
  readonly attempt: number;
  readonly entries: readonly MailboxEntry[];
}

/** The plans to commit, or why there is nothing to commit. */
async function answer(run: Run, deps: TurnDeps): Promise<readonly ReplyPlan[] | "shutdown" | "lost"> {
  const messages = run.entries.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const [first] = messages;
  if (first === undefined) {
    await deps.bury(
      deadMessage(run, "unreadable", "The stored message cannot be read by this version.", deps),
      raws(run),
    );
    return [];
  }
  const plan = (kind: ReplyPlan["kind"], text: string) => replyTo(run, messages, kind, text, deps.now());
  if (run.attempt > deps.maxAttempts) {
    const reason = `Every one of ${deps.maxAttempts} runs ended with the worker's process.`;
    await deps.bury(deadMessage(run, "poison", reason, deps), raws(run));
    return [plan("failure", run.app.texts.poison(first.id))];
  }
  const text = messages.map(messageText).filter((part) => part !== undefined);
  if (text.length === 0) return [plan("system", run.app.texts.unsupported)];

  const result = await runAgent(run, messages, text.join("\n"), deps);
  if (result.status === "cancelled") return run.signal.reason === "shutdown" ? "shutdown" : "lost";
  if (result.status === "done") return [plan("answer", result.text)];
  deps.logger.error({ turnId: first.id, code: result.code, detail: result.detail }, "run failed");
  await deps.bury(deadMessage(run, result.code, result.detail, deps), raws(run));
  return [plan("failure", run.app.texts.failed(first.id))];
}

async function runAgent(
  run: Run,
  messages: readonly InboundMessage[],
  text: string,
  deps: TurnDeps,
): Promise<TurnResult> {
  const turn: Turn = {
    id: replyId(messages),
    attempt: run.attempt,
    conversation: { ...parseConversationId(run.conversation), id: run.conversation },
    appName: run.app.name,
    messages,
    text,
  };
  const startedAtMs = deps.now();
  const line = {
    turnId: turn.id,
    messageIds: messages.map(({ id }) => id),
    attempt: run.attempt,
    app: run.app.name,
  };
  deps.logger.info(line, "run started");
  const notices = startNotices({
    texts: run.app.texts,
    startedAtMs,
    now: deps.now,
    send: (index, notice) =>
      deps.notify({ ...replyTo(run, messages, "notice", notice, deps.now()), id: `no-${turn.id}-${index}` }),
    logger: deps.logger,
  });
  try {
    const result = await run.app.runner.run(turn, { signal: run.signal, emit: notices.observe });
    deps.logger.info({ ...line, result: result.status, ms: deps.now() - startedAtMs }, "run ended");
    return result;
  } finally {
    await notices.stop();
  }
}

function replyId(messages: readonly InboundMessage[]): string {
  return `re-${messages[0]?.id ?? "none"}`;
}

function replyTo(
  run: Run,
  messages: readonly InboundMessage[],
  kind: ReplyPlan["kind"],
  text: string,
  createdAtMs: number,
): ReplyPlan {
  return planReply({
    id: replyId(messages),
    kind,
    conversation: parseConversationId(run.conversation),
    messageIds: messages.map(({ id }) => id),
    text,
    createdAtMs,
  });
}

function deadMessage(run: Run, code: string, reason: string, deps: TurnDeps): DeadJob {
  const messageIds = run.entries.map(
    ({ message }, index) => message?.id ?? `unreadable-${run.fence.jobId}-${index}`,
  );
  return {
    v: 1,
    what: "message",
    conversation: run.conversation,
    messageIds,
    code,
    reason,
    atMs: deps.now(),
  };
}

function raws(run: Run): string[] {
  return run.entries.map(({ raw }) => raw);
}
