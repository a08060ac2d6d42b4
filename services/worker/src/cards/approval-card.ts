import type { ApprovalRequest, CardUpdate, Decision } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";
import type { TemplateCard } from "@gateway/wecom-client";
import { noticeId } from "../progress/notice-id.ts";
import type { Notice } from "../progress/notices.ts";
import { previewOf } from "../texts/preview.ts";
import { decisionKey } from "./button-keys.ts";
import { cardTaskId } from "./card-task-id.ts";

/** What WeCom shows of these parts of a card; the rest would be approved unseen (doc 90236). */
const SHOWN_CHARS = { title: 40, detail: 160, directory: 28 } as const;
const SHOWN_LINES = 6;

type ApprovalTexts = Pick<Texts, "approval" | "card">;

/** The notice that puts a request to the person. `source` names a background task. */
export function askNotice(request: ApprovalRequest, texts: ApprovalTexts, source?: string): Notice {
  const { title, code } = request;
  const asked = texts.approval.asked({ title, detail: detailText(request, texts), code });
  if (request.card !== true) return { text: asked };
  if (fitsCard(request))
    return { text: "", card: { body: cardMessage(request, texts, source), fallback: asked } };
  const text = texts.approval.asksTo({ title, detail: detailText(request, texts) });
  const short = { ...request, detail: texts.card.fullAbove, directory: undefined };
  const fallback = texts.approval.asked({ title: previewOf(title), detail: texts.card.fullAbove, code });
  return { text, card: { body: cardMessage(short, texts, source), fallback } };
}

type State = Decision | "expired" | "withdrawn";

/** The request's card once it is decided; nothing where there is none. */
export function decidedCard(
  request: ApprovalRequest,
  state: State,
  texts: ApprovalTexts,
  responseCode?: string,
): CardUpdate[] {
  if (request.card !== true) return [];
  const shown = fitsCard(request) ? request : { ...request, detail: "", directory: undefined };
  return [
    {
      replyId: askId(request),
      card: approvalCard(shown, texts.card[state], texts),
      buttonText: texts.card[`${state}Button`],
      ...(responseCode === undefined ? {} : { responseCode }),
    },
  ];
}

export function askName({ code }: Pick<ApprovalRequest, "code">): string {
  return `ask-${code}`;
}

function askId(request: Pick<ApprovalRequest, "turnId" | "code">): string {
  return noticeId(request.turnId, askName(request));
}

function detailText({ detail, directory }: ApprovalRequest, { approval }: ApprovalTexts): string {
  return directory === undefined ? detail : `${detail}\n${approval.directory({ directory })}`;
}

function fitsCard({ title, detail, directory = "" }: ApprovalRequest): boolean {
  return (
    title.length <= SHOWN_CHARS.title &&
    detail.length <= SHOWN_CHARS.detail &&
    detail.split("\n").length <= SHOWN_LINES &&
    directory.length <= SHOWN_CHARS.directory
  );
}

function cardMessage(request: Shown, texts: ApprovalTexts, source: string | undefined) {
  const card = approvalCard(request, texts.card.asks, texts, source);
  return { msgtype: "template_card" as const, template_card: card };
}

type Shown = Omit<ApprovalRequest, "directory"> & { readonly directory?: string | undefined };

function approvalCard(request: Shown, title: string, { card }: ApprovalTexts, source?: string): TemplateCard {
  const { code, detail, directory } = request;
  const place = directory === undefined ? [] : [{ keyname: card.directory, value: directory }];
  return {
    card_type: "button_interaction",
    ...(source === undefined ? {} : { source: { desc: source } }),
    main_title: { title, desc: previewOf(request.title, SHOWN_CHARS.title) },
    ...(detail === "" ? {} : { sub_title_text: detail }),
    horizontal_content_list: [...place, { keyname: card.code, value: code }],
    task_id: cardTaskId(askId(request)),
    button_list: [
      { text: card.approve, style: 1, key: decisionKey("approve", code) },
      { text: card.deny, style: 3, key: decisionKey("deny", code) },
    ],
  };
}
