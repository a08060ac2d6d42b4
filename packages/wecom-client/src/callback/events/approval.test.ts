import { describe, expect, it } from "@jest/globals";
import type { XmlFields } from "../../testing/index.ts";
import { eventXml } from "../../testing/index.ts";
import { parseMessage } from "../message.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "sys", createTime: 1409659813 };

function parse(event: string, fields: XmlFields) {
  return parseMessage(Buffer.from(eventXml({ ...common, event, fields })));
}

describe("approvals", () => {
  it("read nodes, people and steps", () => {
    const person = { ItemName: "n", ItemUserid: "0042", ItemStatus: 1, ItemSpeech: "", ItemOpTime: 0 };
    const ApprovalNode = [
      { NodeStatus: 1, NodeAttr: 1, NodeType: 1, Items: { Item: [person, { ItemUserId: "2" }] } },
      { NodeStatus: 2 },
    ];
    const event = parse("open_approval_change", {
      ApprovalInfo: {
        ThirdNo: "201806010001",
        OpenTemplateId: "1234567890123456789",
        OpenSpStatus: 1,
        ApplyTime: 1527837645,
        ApprovalNodes: { ApprovalNode },
        NotifyNodes: { NotifyNode: { ItemName: "w" } },
        ApproverStep: 0,
      },
    });
    expect(event).toMatchObject({
      thirdNo: "201806010001",
      templateId: "1234567890123456789",
      status: 1,
      applyTime: 1527837645,
      approvalNodes: [
        { status: 1, people: [{ userId: "0042", operatedAt: 0 }, { userId: "2" }] },
        { status: 2, people: [] },
      ],
      notifyNodes: [{ name: "w" }],
      approverStep: 0,
    });
  });
});
