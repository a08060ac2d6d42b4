import { describe, expect, it } from "@jest/globals";
import type { XmlFields } from "../../testing/index.ts";
import { eventXml } from "../../testing/index.ts";
import { parseMessage } from "../message.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "sys", createTime: 1409659813 };

function parse(event: string, fields: XmlFields) {
  return parseMessage(Buffer.from(eventXml({ ...common, event, fields })));
}

describe("contact changes", () => {
  it("read a member with everything", () => {
    const event = parse("change_contact", {
      ChangeType: "update_user",
      UserID: "00123",
      NewUserID: "00124",
      Name: "张三",
      Department: "1,2, 3",
      IsLeaderInDept: "1,0,0",
      DirectLeader: "lisi,wangwu",
      MainDepartment: 1,
      Status: 1,
      ExtAttr: {
        Item: [
          { Name: "爱好", Type: 0, Text: { Value: "旅游" } },
          { Name: "主页", Type: 1, Web: { Title: "t", Url: "https://u" } },
        ],
      },
    });
    expect(event).toEqual({
      kind: "event",
      event: "change_contact",
      toUserName: "ww1",
      agentId: "1000002",
      fromUserName: "sys",
      createTime: 1409659813,
      changeType: "update_user",
      userId: "00123",
      newUserId: "00124",
      name: "张三",
      departmentIds: ["1", "2", "3"],
      isLeaderInDepartment: ["1", "0", "0"],
      directLeaderIds: ["lisi", "wangwu"],
      mainDepartmentId: "1",
      status: "1",
      attributes: [
        { name: "爱好", value: "旅游" },
        { name: "主页", value: "https://u", title: "t" },
      ],
    });
  });

  it.each([
    ["create_user", { UserID: "u" }, { userId: "u" }],
    ["delete_user", { UserID: "u" }, { userId: "u" }],
    [
      "create_party",
      { Id: 2, Name: "n", ParentId: 1, Order: 5 },
      { departmentId: "2", parentId: "1", order: 5 },
    ],
    ["update_party", { Id: 2 }, { departmentId: "2" }],
    [
      "update_tag",
      { TagId: 7, AddUserItems: "a,b", DelUserItems: "c", AddPartyItems: "1", DelPartyItems: "" },
      {
        tagId: "7",
        addedUserIds: ["a", "b"],
        removedUserIds: ["c"],
        addedDepartmentIds: ["1"],
        removedDepartmentIds: [],
      },
    ],
  ])("read %s", (changeType, fields, content) => {
    const event = parse("change_contact", { ChangeType: changeType, ...fields });
    expect(event).toMatchObject({ kind: "event", changeType, ...content });
  });

  it("are unsupported when the kind of change is new", () => {
    const event = parse("change_contact", { ChangeType: "merge_user", UserID: "u" });
    expect(event).toMatchObject({ kind: "unsupported", event: "change_contact" });
  });
});
