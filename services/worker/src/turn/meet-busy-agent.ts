import type { Cause, ReplyPlan, Sessions, TurnControl } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { WorkerApps } from "../apps.ts";
import { planReply } from "../delivery/plan-reply.ts";
import type { AppDrain } from "./app-drain.ts";

const QUEUED_NOTICE_EVERY_MS = 30_000;
const MAINTENANCE_NOTICE_EVERY_MS = 600_000;

export interface MeetBusyAgentDeps {
  readonly apps: Pick<WorkerApps, "find">;
  readonly turnControl: TurnControl;
  readonly sessions: Sessions;
  readonly notify: (plan: ReplyPlan) => Promise<void>;
  readonly drain: Pick<AppDrain, "isOn">;
  /** True once per period for each conversation, and again for the same cause. */
  readonly mayTell: (conversation: string, what: string, periodMs: number, cause: string) => Promise<boolean>;
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
  if (app === undefined || state.waiting === 0) return;
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
  if (await deps.drain.isOn(ref)) {
    if (await deps.mayTell(conversation, "maintenance", MAINTENANCE_NOTICE_EVERY_MS, message.id))
      await tell(app.texts.access.maintenance);
    return;
  }
  if (!state.running) return;
  const mode = (await deps.sessions.read(conversation)).busyMode ?? app.busyMode;
  if (mode === "interrupt") {
    if (await deps.turnControl.stop(conversation, "interrupt", message))
      await tell(app.texts.turn.interrupted);
    return;
  }
  if (mode === "steer") await deps.turnControl.steer(conversation);
  // A runner that takes the message in makes it part of the turn; with any other it waits, and the person knows.
  if (mode === "steer" && state.takesSteer) return;
  if (await deps.mayTell(conversation, "queued", QUEUED_NOTICE_EVERY_MS, message.id))
    await tell(app.texts.turn.queued({ position: state.waiting }));
}
