import type { ControlLane, Fence, InboundMessage, MailboxEntry, ReplyPlan } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { Logger } from "pino";
import type { WorkerApp } from "../apps.ts";
import { planReply } from "../delivery/plan-reply.ts";
import type { AnswerMarkDeps } from "./answer-mark.ts";
import { answerMark } from "./answer-mark.ts";
import type { ControlAnswer } from "./control-answer.ts";

export interface ControlDeps extends AnswerMarkDeps {
  readonly lane: ControlLane;
  readonly app: WorkerApp | undefined;
  /** Carries out a command or a pressed button; undefined when there is nothing to say. */
  readonly handle: (
    app: WorkerApp,
    conversation: string,
    message: InboundMessage,
  ) => Promise<string | ControlAnswer | undefined>;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Handles what waits on the control lane, in order, beside the running turn. */
export async function processControl(
  conversation: string,
  fence: Fence,
  deps: ControlDeps,
): Promise<"done" | "lost" | "no_app"> {
  for (;;) {
    const head = await deps.lane.head(conversation, fence);
    if (head.status === "lost") return "lost";
    if (head.status === "empty") return "done";
    if (deps.app === undefined) return "no_app";
    const answer = await answerTo(head.entry, conversation, deps.app, deps);
    const plans = planAnswer(head.entry, conversation, answer, deps.now());
    if (!(await deps.lane.commit(conversation, fence, head.entry, plans))) return "lost";
  }
}

async function answerTo(entry: MailboxEntry, conversation: string, app: WorkerApp, deps: ControlDeps) {
  if (entry.message === undefined) {
    deps.logger.error(
      { conversation },
      "an entry of the control lane cannot be read by this version; it is dropped",
    );
    return undefined;
  }
  const messageId = entry.message.id;
  if (entry.mark !== undefined) return answerMark(entry.mark, app, { conversation, messageId }, deps);
  deps.logger.info({ messageId: entry.message.id, kind: entry.message.message.kind }, "control");
  return deps.handle(app, conversation, entry.message);
}

function planAnswer(
  entry: MailboxEntry,
  conversation: string,
  answer: string | ControlAnswer | undefined,
  createdAtMs: number,
): ReplyPlan[] {
  const { text = "", updates = [] } = typeof answer === "object" ? answer : { text: answer };
  if (text === "" && updates.length === 0) return [];
  const messageId = entry.message?.id ?? "unreadable";
  const plan = planReply({
    id: `re-${messageId}`,
    kind: "system",
    conversation: parseConversationId(conversation),
    messageIds: [messageId],
    text,
    createdAtMs,
  });
  return [{ ...plan, updates }];
}
