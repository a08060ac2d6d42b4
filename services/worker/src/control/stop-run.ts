import type { InboundMessage } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import { endedRunCard } from "../cards/run-card.ts";
import type { CommandDeps } from "../commands/command.ts";
import type { ControlAnswer } from "./control-answer.ts";

interface Press {
  readonly turnId: string;
  readonly responseCode: string | undefined;
  readonly app: WorkerApp;
  readonly conversation: string;
  readonly message: InboundMessage;
  readonly deps: Pick<CommandDeps, "turnControl" | "backgroundTasks">;
}

/** The button of a run's card. The card itself tells what came of it. */
export async function stopRun(press: Press): Promise<ControlAnswer> {
  const { turnId, responseCode, app, conversation, message, deps } = press;
  const tasks = await deps.backgroundTasks.running(conversation);
  const firstMessageId = turnId.replace(/^re-/u, "");
  for (const place of [conversation, ...tasks.map((task) => task.conversation)])
    if (await deps.turnControl.stop(place, "user", message, firstMessageId)) return {};
  if (responseCode === undefined) return { text: app.texts.command.nothingToStop };
  const over = endedRunCard({ turnId, about: "" }, { state: "over" }, app.texts);
  return { updates: [{ ...over, responseCode }] };
}
