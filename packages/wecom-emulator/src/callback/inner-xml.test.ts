import { parseMessage } from "@gateway/wecom-client/callback";
import { describe, expect, it } from "@jest/globals";
import { innerXml, isMessage } from "./inner-xml.ts";
import type { PushContentInput } from "./push-content.ts";
import { pushContentSchema } from "./push-content.ts";

const MSG_ID = "4561255354251345929";

function parsed(content: PushContentInput) {
  const complete = pushContentSchema.parse(content);
  const common = {
    corpId: "ww1",
    agentId: "1000002",
    userId: "00123",
    createTime: 1_700_000_000,
    msgId: MSG_ID,
  };
  return parseMessage(Buffer.from(innerXml({ ...common, content: complete })));
}

describe("pushed messages, read by the gateway's own parser", () => {
  it("keeps ids as text and content as it was typed", () => {
    const content = '  ]]> <b>&amp; "😀"\n二  ';
    expect(parsed({ type: "text", content })).toMatchObject({
      kind: "text",
      content,
      toUserName: "ww1",
      fromUserName: "00123",
      agentId: "1000002",
      createTime: 1_700_000_000,
      msgId: MSG_ID,
    });
  });

  it.each<[PushContentInput, Record<string, unknown>]>([
    [
      { type: "image", mediaId: "m", picUrl: "https://p.example/x" },
      { kind: "image", mediaId: "m", picUrl: "https://p.example/x" },
    ],
    [
      { type: "voice", mediaId: "m" },
      { kind: "voice", mediaId: "m", format: "amr" },
    ],
    [
      { type: "video", mediaId: "m", thumbMediaId: "t" },
      { kind: "video", mediaId: "m", thumbMediaId: "t" },
    ],
    [
      { type: "location", latitude: 22.5, longitude: 114.25, label: "深圳" },
      { kind: "location", latitude: 22.5, longitude: 114.25, label: "深圳" },
    ],
    [
      { type: "link", title: "t", url: "https://l.example", description: "d" },
      { kind: "link", title: "t", url: "https://l.example", description: "d" },
    ],
    [{ type: "enter_agent" }, { kind: "event", event: "enter_agent" }],
    [
      { type: "click", eventKey: "/new" },
      { kind: "event", event: "click", eventKey: "/new" },
    ],
    [
      {
        type: "template_card_event",
        eventKey: "ok",
        taskId: "t1",
        cardType: "button_interaction",
        responseCode: "r",
      },
      { kind: "event", event: "template_card_event", eventKey: "ok", taskId: "t1", responseCode: "r" },
    ],
    [
      { type: "other", msgType: "sticker" },
      { kind: "unsupported", msgType: "sticker" },
    ],
  ])("%j", (content, expected) => {
    expect(parsed(content)).toMatchObject(expected);
  });

  it("carries what was chosen on a card", () => {
    const event = parsed({
      type: "template_card_event",
      eventKey: "submit",
      taskId: "t",
      cardType: "multiple_interaction",
      selectedItems: [
        { questionKey: "q1", optionIds: ["a"] },
        { questionKey: "q2", optionIds: ["b", "c"] },
      ],
    });
    expect(event).toMatchObject({
      selectedItems: [
        { questionKey: "q1", optionIds: ["a"] },
        { questionKey: "q2", optionIds: ["b", "c"] },
      ],
    });
  });

  it("gives a MsgId to messages and none to events", () => {
    expect(isMessage(pushContentSchema.parse({ type: "text", content: "x" }))).toBe(true);
    expect(parsed({ type: "enter_agent" })).not.toHaveProperty("msgId");
  });
});
