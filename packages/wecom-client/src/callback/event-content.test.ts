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
