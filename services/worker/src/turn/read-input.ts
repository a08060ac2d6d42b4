import type { Fence, InboundMessage } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import { personOf } from "../conversations.ts";
import { planReply } from "../delivery/plan-reply.ts";
import type { Inbox } from "../media/in/inbox.ts";
import { receiveFiles } from "../media/in/receive-files.ts";
import type { Transcribe } from "../media/in/transcriber.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";
import type { TurnText } from "./turn-input.ts";
import { composeInput } from "./turn-input.ts";

/** What receiving files takes. */
export interface MediaIn {
  readonly inbox: Inbox;
  /** Undefined where no speech recognition is configured. */
  readonly transcribe: Transcribe | undefined;
}

/** What the turn says, with its files fetched. "later" when WeCom cannot be asked for them at the moment. */
export async function readInput(
  active: ActiveTurn,
  messages: readonly InboundMessage[],
  signal: AbortSignal,
  deps: Pick<TurnDeps, "mediaIn" | "logger" | "now">,
): Promise<TurnText | "later" | "shutdown" | "lost"> {
  const { client, texts } = active.app;
  const { logger, now } = deps;
  const parts = { ...deps.mediaIn, client, logger, now, signal };
  const received = await receiveFiles(active.conversation, messages, parts);
  if (received !== "later") return composeInput(messages, received, texts);
  if (!signal.aborted) return "later";
  return signal.reason === "shutdown" ? "shutdown" : "lost";
}

/** Tells the person before the agent answers the rest. Once, also when the turn runs again. */
export async function tellTroubles(
  active: ActiveTurn,
  { troubles }: TurnText,
  fence: Fence,
  deps: Pick<TurnDeps, "notify" | "now">,
): Promise<void> {
  if (troubles.length === 0) return;
  const plan = planReply({
    id: `no-${active.id}-files`,
    kind: "system",
    conversation: personOf(parseConversationId(active.conversation)),
    messageIds: active.messageIds,
    text: troubles.join("\n"),
    createdAtMs: deps.now(),
  });
  await deps.notify(plan, fence);
}
