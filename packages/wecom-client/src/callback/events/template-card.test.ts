import { describe, expect, it } from "@jest/globals";
import type { XmlFields } from "../../testing/index.ts";
import { eventXml } from "../../testing/index.ts";
import { parseMessage } from "../message.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "sys", createTime: 1409659813 };

function parse(event: string, fields: XmlFields) {
  return parseMessage(Buffer.from(eventXml({ ...common, event, fields })));
}

describe("template card events", () => {
  it("need neither selected items nor a response code", () => {
    expect(parse("template_card_event", { EventKey: "yes", TaskId: "t1", SelectedItems: "" })).toMatchObject({
      kind: "event",
      event: "template_card_event",
      eventKey: "yes",
      taskId: "t1",
      cardType: "",
      selectedItems: [],
    });
  });
});
