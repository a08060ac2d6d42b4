import type { XmlFields } from "@gateway/wecom-client/testing";
import { eventXml, messageXml } from "@gateway/wecom-client/testing";
import type { PushContent } from "./push-content.ts";

export interface InnerXmlInput {
  readonly corpId: string;
  readonly agentId: string;
  readonly userId: string;
  /** Epoch seconds. */
  readonly createTime: number;
  readonly msgId: string;
  readonly content: PushContent;
}

const MESSAGE_TYPES: ReadonlySet<string> = new Set([
  "text",
  "image",
  "voice",
  "video",
  "location",
  "link",
  "file",
]);

/** Messages carry a MsgId, events do not (WeCom docs 90239 and 90240). */
export function isMessage(content: PushContent): boolean {
  return MESSAGE_TYPES.has(content.type) || (content.type === "other" && content.event === undefined);
}

function cardEventFields(content: Extract<PushContent, { type: "template_card_event" }>): XmlFields {
  const items = content.selectedItems.map((item) => ({
    QuestionKey: item.questionKey,
    OptionIds: { OptionId: item.optionIds },
  }));
  return {
    EventKey: content.eventKey,
    TaskId: content.taskId,
    CardType: content.cardType,
    ResponseCode: content.responseCode,
    ...(items.length === 0 ? {} : { SelectedItems: { SelectedItem: items } }),
  };
}

/** The elements that only this type has. */
function ownFields(content: PushContent): XmlFields {
  switch (content.type) {
    case "text":
      return { Content: content.content };
    case "image":
      return { PicUrl: content.picUrl, MediaId: content.mediaId };
    case "voice":
      return { MediaId: content.mediaId, Format: content.format };
    case "video":
      return { MediaId: content.mediaId, ThumbMediaId: content.thumbMediaId };
    case "location":
      return {
        Location_X: content.latitude,
        Location_Y: content.longitude,
        Scale: content.scale,
        Label: content.label,
        AppType: "wxwork",
      };
    case "link":
      return {
        Title: content.title,
        Description: content.description,
        Url: content.url,
        PicUrl: content.picUrl,
      };
    case "file":
      return { Title: content.title, MediaId: content.mediaId };
    case "enter_agent":
    case "subscribe":
    case "unsubscribe":
      return { EventKey: "" };
    case "click":
    case "view":
      return { EventKey: content.eventKey };
    case "template_card_event":
      return cardEventFields(content);
    case "other":
      return content.fields;
    default: {
      const never: never = content;
      return never;
    }
  }
}

/** The message that WeCom encrypts. */
export function innerXml(input: InnerXmlInput): string {
  const { content, msgId, ...common } = input;
  const fields = ownFields(content);
  if (isMessage(content)) {
    return messageXml({
      ...common,
      msgId,
      fields,
      msgType: content.type === "other" ? content.msgType : content.type,
    });
  }
  return eventXml({
    ...common,
    fields,
    event: content.type === "other" ? (content.event ?? "") : content.type,
  });
}
