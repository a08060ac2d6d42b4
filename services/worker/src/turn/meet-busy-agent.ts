import type { Cause, ReplyPlan, Sessions, TurnControl } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { WorkerApps } from "../apps.ts";
import { planReply } from "../delivery/plan-reply.ts";

const QUEUED_NOTICE_EVERY_MS = 30_000;

export interface MeetBusyAgentDeps {
  readonly apps: Pick<WorkerApps, "find">;
  readonly turnControl: TurnControl;
  readonly sessions: Sessions;
  readonly notify: (plan: ReplyPlan) => Promise<void>;
  /** True once per period for each conversation. */
  readonly mayTell: (conversation: string, what: string, periodMs: number) => Promise<boolean>;
  readonly now: () => number;
}

/** What becomes of a message that was added while the agent runs: what the busy mode says. May be repeated. */
export async function meetBusyAgent(
  message: Cause,
  conversation: string,
  deps: MeetBusyAgentDeps,
): Promise<void> {
  const ref = parseConversationId(conversation);
  const app = deps.apps.find(ref);
  const state = await deps.turnControl.read(conversation);
  if (app === undefined || !state.running || state.waiting === 0) return;
  const tell = (text: string) =>
    deps.notify(
      planReply({
        id: `no-${message.id}-busy`,
        kind: "system",
        conversation: ref,
        messageIds: [message.id],
        text,
        createdAtMs: deps.now(),
      }),
    );
  const mode = (await deps.sessions.read(conversation)).busyMode ?? app.busyMode;
  if (mode === "interrupt") {
    if (await deps.turnControl.stop(conversation, "interrupt", message))
      await tell(app.texts.turn.interrupted);
    return;
  }
  if (mode === "steer") await deps.turnControl.steer(conversation);
  // A runner that takes the message in makes it part of the turn; until then it waits like any other.
  else if (await deps.mayTell(conversation, "queued", QUEUED_NOTICE_EVERY_MS))
    await tell(app.texts.turn.queued({ position: state.waiting }));
}
