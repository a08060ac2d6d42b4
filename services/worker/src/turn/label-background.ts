import type { ConversationRef } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import { backgroundName } from "../conversations.ts";

/** A background task speaks into the person's only chat with the app: what it says names it. */
export function labelBackground(
  ref: ConversationRef,
  texts: Pick<Texts, "background">,
  text: string,
): string {
  const task = backgroundName(ref);
  return task === undefined ? text : texts.background.labelled({ task, text });
}
