import { describe, expect, it } from "@jest/globals";
import type { XmlFields } from "../testing/index.ts";
import { eventXml } from "../testing/index.ts";
import type { EVENT_READERS } from "./event-content.ts";
import { parseMessage } from "./message.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "sys", createTime: 1409659813 };
const parsedCommon = {
  kind: "event",
  toUserName: "ww1",
  agentId: "1000002",
  fromUserName: "sys",
  createTime: 1409659813,
};

function parse(event: string, fields: XmlFields = {}) {
  return parseMessage(Buffer.from(eventXml({ ...common, event, fields })));
}

const menuKey: [XmlFields, object] = [{ EventKey: "help" }, { eventKey: "help" }];
const scan: [XmlFields, object] = [
  { EventKey: "6", ScanCodeInfo: { ScanType: "qrcode", ScanResult: " 1 " } },
  { eventKey: "6", scanType: "qrcode", scanResult: " 1 " },
];
const pictures: [XmlFields, object] = [
  { EventKey: "6", SendPicsInfo: { Count: 1, PicList: { item: { PicMd5Sum: "1b5f" } } } },
  { eventKey: "6", count: 1, md5Sums: ["1b5f"] },
];
const cardPress: XmlFields = { EventKey: "yes", TaskId: "t1", CardType: "text_notice", ResponseCode: "r1" };
const parsedPress = { eventKey: "yes", taskId: "t1", cardType: "text_notice", responseCode: "r1" };

const EVENTS: Record<keyof typeof EVENT_READERS, [XmlFields, object]> = {
  subscribe: [{}, {}],
  unsubscribe: [{}, {}],
  enter_agent: [{ EventKey: "" }, { eventKey: "" }],
  location: [
    { Latitude: "23.1", Longitude: "113.3", Precision: "119.0", AppType: "wxwork" },
    { latitude: 23.1, longitude: 113.3, precision: 119, appType: "wxwork" },
  ],
  click: menuKey,
  view: [{ EventKey: "https://a?b=1&c=2" }, { eventKey: "https://a?b=1&c=2" }],
  view_miniprogram: menuKey,
  scancode_push: scan,
  scancode_waitmsg: scan,
  pic_sysphoto: pictures,
  pic_photo_or_album: pictures,
  pic_weixin: pictures,
  location_select: [
    {
      EventKey: "6",
      SendLocationInfo: { Location_X: "23", Location_Y: "113", Scale: 15, Label: "L", Poiname: "P" },
      AppType: "wxwork",
    },
    {
      eventKey: "6",
      location: { latitude: 23, longitude: 113, scale: 15, label: "L" },
      poiName: "P",
      appType: "wxwork",
    },
  ],
  template_card_event: [
    {
      ...cardPress,
      SelectedItems: {
        SelectedItem: [
          { QuestionKey: "q1", OptionIds: { OptionId: ["a", "b"] } },
          { QuestionKey: "q2", OpitonIds: { OpitonId: "c" } },
        ],
      },
    },
    {
      ...parsedPress,
      selectedItems: [
        { questionKey: "q1", optionIds: ["a", "b"] },
        { questionKey: "q2", optionIds: ["c"] },
      ],
    },
  ],
  template_card_menu_event: [cardPress, parsedPress],
  taskcard_click: [
    { EventKey: "yes", TaskId: "t1" },
    { eventKey: "yes", taskId: "t1" },
  ],
  change_contact: [
    { ChangeType: "delete_party", Id: 2 },
    { changeType: "delete_party", departmentId: "2" },
  ],
  open_approval_change: [
    { ApprovalInfo: { ThirdNo: "0001" } },
    { thirdNo: "0001", approvalNodes: [], notifyNodes: [] },
  ],
  sys_approval_change: [
    {
      ApprovalInfo: { SpNo: "0002", SpStatus: 1, StatuChangeEvent: 1, Applyer: { UserId: "007", Party: 1 } },
    },
    {
      approvalNo: "0002",
      status: 1,
      statusChange: 1,
      applicantUserId: "007",
      applicantParty: "1",
      info: { SpNo: "0002", SpStatus: "1", StatuChangeEvent: "1", Applyer: { UserId: "007", Party: "1" } },
    },
  ],
  batch_job_result: [
    { BatchJob: { JobId: "S0Mrn", JobType: "sync_user", ErrCode: 0, ErrMsg: "ok" } },
    { jobId: "S0Mrn", jobType: "sync_user", errorCode: 0, errorMessage: "ok" },
  ],
  upload_media_job_finish: [{ JobId: "j1" }, { jobId: "j1" }],
  share_agent_change: [{}, {}],
  share_chain_change: [{}, {}],
  inactive_alert: [{ EffectTime: 1700000000 }, { effectTime: 1700000000 }],
  low_active_alert: [{ EffectTime: 1700000000 }, { effectTime: 1700000000 }],
  close_inactive_agent: [{}, {}],
  reopen_inactive_agent: [{}, {}],
  low_active: [{}, {}],
  active_restored: [{}, {}],
  switch_workbench_mode: [{ Mode: 1 }, { mode: 1 }],
};

describe("events", () => {
  it.each(Object.entries(EVENTS))("reads %s", (event, [fields, content]) => {
    expect(parse(event, fields)).toEqual({ ...parsedCommon, event, ...content });
  });

  it.each(Object.entries(EVENTS))("reads %s in upper case as well", (event, [fields]) => {
    expect(parse(event.toUpperCase(), fields)).toEqual(parse(event, fields));
  });

  it("has no agent id where WeCom sends none", () => {
    const { agentId: _, ...withoutAgent } = common;
    const xml = eventXml({ ...withoutAgent, event: "subscribe" });
    expect(parseMessage(Buffer.from(xml))).toEqual({ ...parsedCommon, agentId: "", event: "subscribe" });
  });

  it.each([
    "location",
    "click",
    "scancode_push",
    "pic_weixin",
    "location_select",
    "template_card_event",
    "taskcard_click",
    "change_contact",
    "open_approval_change",
    "sys_approval_change",
    "batch_job_result",
    "upload_media_job_finish",
  ])("%s without its content is unsupported", (event) => {
    expect(parse(event)).toMatchObject({ kind: "unsupported", msgType: "event", event });
  });
});

describe("menu events", () => {
  it("collect pictures from a repeated PicList and from repeated items", () => {
    const PicList = [{ item: { PicMd5Sum: "1" } }, { item: [{ PicMd5Sum: "2" }, { PicMd5Sum: "3" }] }];
    expect(parse("pic_weixin", { EventKey: "6", SendPicsInfo: { Count: 3, PicList } })).toMatchObject({
      count: 3,
      md5Sums: ["1", "2", "3"],
    });
  });

  it("accept an empty list of pictures", () => {
    const event = parse("pic_weixin", { EventKey: "6", SendPicsInfo: { Count: 0, PicList: "" } });
    expect(event).toMatchObject({ kind: "event", count: 0, md5Sums: [] });
  });
});

describe("template card events", () => {
  it("need neither selected items nor a response code", () => {
    expect(parse("template_card_event", { EventKey: "yes", TaskId: "t1", SelectedItems: "" })).toEqual({
      ...parsedCommon,
      event: "template_card_event",
      eventKey: "yes",
      taskId: "t1",
      cardType: "",
      selectedItems: [],
    });
  });
});

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
      ...parsedCommon,
      event: "change_contact",
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
