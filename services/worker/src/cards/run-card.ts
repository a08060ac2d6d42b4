import type { CardUpdate } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { TemplateCard } from "@gateway/wecom-client";
import { noticeId } from "../progress/notice-id.ts";
import { stopKey } from "./button-keys.ts";
import { cardTaskId } from "./card-task-id.ts";

/** The name of the notice that a run's card is. */
export const RUN_CARD = "card";

/** What a run's card says: that it works and how it is stopped, and at last how it ended. */
export interface RunCard {
  readonly turnId: string;
  /** The beginning of what the person wrote. */
  readonly about: string;
}

export function runningCard(card: RunCard, doing: string | undefined, texts: CardTexts): TemplateCard {
  return runCard(card, texts.card.running, doing, texts);
}

/** `over`: whoever answers the press of an old card does not know how its run ended. */
export function endedRunCard(
  card: RunCard,
  end:
    | { readonly state: "done" | "stopped" | "failed"; readonly elapsed: string }
    | { readonly state: "over" },
  texts: CardTexts,
): CardUpdate {
  const title = end.state === "over" ? texts.card.over : texts.card[end.state]({ elapsed: end.elapsed });
  return {
    replyId: noticeId(card.turnId, RUN_CARD),
    card: runCard(card, title, undefined, texts),
    buttonText: texts.card[`${end.state}Button`],
    orRecall: true,
  };
}

type CardTexts = Pick<Texts, "card">;

function runCard({ turnId, about }: RunCard, title: string, doing: string | undefined, { card }: CardTexts) {
  return {
    card_type: "button_interaction" as const,
    main_title: { title, ...(about === "" ? {} : { desc: about }) },
    ...(doing === undefined ? {} : { sub_title_text: doing }),
    task_id: cardTaskId(noticeId(turnId, RUN_CARD)),
    button_list: [{ text: card.stop, style: 3 as const, key: stopKey(turnId) }],
  };
}
