import type { CardUpdate, ReplyPlan, StoredReply } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import { describeErrcode } from "@gateway/wecom-client";
import { noticeId } from "../progress/notice-id.ts";
import { planReply } from "./plan-reply.ts";
import { NO_RECEIVER } from "./send-outcome.ts";

/**
 * What a person is told of an answer that was set aside. Nothing where no message reaches the person, and where the
 * answer may have arrived after all.
 */
export function undeliveredNotice(
  reply: StoredReply,
  code: string,
  texts: Pick<Texts, "delivery">,
  nowMs: number,
): ReplyPlan | undefined {
  if (reply.kind !== "answer" && reply.kind !== "failure") return undefined;
  if (code === "outcome_unknown" || isOfReceiver(code)) return undefined;
  const [reference = reply.id] = reply.messageIds;
  return planReply({
    id: noticeId(reply.id, "undelivered"),
    kind: "system",
    conversation: parseConversationId(reply.conversation),
    messageIds: reply.messageIds,
    text: texts.delivery.undelivered({ reference }),
    createdAtMs: nowMs,
  });
}

/** From the code, which is all that is left of a refusal when a worker was lost over it. */
function isOfReceiver(code: string): boolean {
  const errcode = /^errcode_(-?\d+)$/.exec(code)?.[1];
  if (errcode === undefined) return NO_RECEIVER.includes(code);
  return describeErrcode(Number(errcode), "message/send").kind === "recipient";
}

/** The card of a run whose answer was set aside: it does not say that all is well. */
export function undeliveredCard(update: CardUpdate, { card }: Pick<Texts, "card">): CardUpdate {
  const { main_title: title } = update.card as { main_title?: object };
  return {
    ...update,
    card: { ...update.card, main_title: { ...title, title: card.undelivered } },
    buttonText: card.failedButton,
  };
}
