import type { ReplyPlan, Sessions, TurnControl } from "@gateway/conversation";
import { inboundJobSchema, parseConversationId, wakeConversation } from "@gateway/conversation";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import type { Job, Queue } from "bullmq";
import type { WorkerApps } from "../apps.ts";
import { planReply } from "../delivery/plan-reply.ts";

interface Deps {
  readonly turns: Queue;
  readonly control: Queue;
  readonly userCorpMap: UserCorpMap;
  readonly apps: WorkerApps;
  readonly turnControl: TurnControl;
  readonly sessions: Sessions;
  readonly notify: (plan: ReplyPlan) => Promise<void>;
  /** True once per period for each conversation. */
  readonly mayTell: (conversation: string, what: string, periodMs: number) => Promise<boolean>;
  readonly now: () => number;
}

const QUEUED_NOTICE_EVERY_MS = 30_000;

/**
 * An accepted message: remember whom the person last wrote to, wake the conversation, and where the agent is
 * busy do what the busy mode says. Every step may be repeated.
 */
export async function handleInbound(job: Job, deps: Deps): Promise<void> {
  const { conversation, receivedAtMs, lane } = inboundJobSchema.parse(job.data);
  await deps.userCorpMap.record({ ...parseConversationId(conversation), atMs: receivedAtMs });
  // The control lane is woken in any case: a message that found its mailbox full has left word there.
  await wakeConversation(deps.control, conversation);
  if (lane === "control") return;
  await wakeConversation(deps.turns, conversation);
  await meetBusyAgent(job.id ?? "", conversation, deps);
}

async function meetBusyAgent(messageId: string, conversation: string, deps: Deps): Promise<void> {
  const ref = parseConversationId(conversation);
  const app = deps.apps.find(ref);
  const state = await deps.turnControl.read(conversation);
  if (app === undefined || !state.running || state.waiting === 0) return;
  const tell = (text: string) => {
    const id = `no-${messageId}-busy`;
    return deps.notify(
      planReply({
        id,
        kind: "system",
        conversation: ref,
        messageIds: [messageId],
        text,
        createdAtMs: deps.now(),
      }),
    );
  };
  const mode = (await deps.sessions.read(conversation)).busyMode ?? app.busyMode;
  if (mode === "interrupt") {
    if (await deps.turnControl.stop(conversation, "interrupt")) await tell(app.texts.interrupted);
    return;
  }
  if (mode === "steer") await deps.turnControl.steer(conversation);
  // A runner that takes the message in makes it part of the turn; until then it waits like any other.
  else if (await deps.mayTell(conversation, "queued", QUEUED_NOTICE_EVERY_MS))
    await tell(app.texts.queued(state.waiting));
}
