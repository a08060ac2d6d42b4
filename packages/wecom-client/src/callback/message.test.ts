import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { XmlFields } from "../testing/index.ts";
import { eventXml, messageXml, textMessageXml } from "../testing/index.ts";
import { CallbackError } from "./errors.ts";
import { parseMessage } from "./message.ts";
import { MESSAGE_READERS } from "./message-content.ts";

const common = { corpId: "ww1", agentId: "1000002", userId: "00123", createTime: 1409659813 };
const parsedCommon = {
  toUserName: "ww1",
  agentId: "1000002",
  fromUserName: "00123",
  createTime: 1409659813,
  msgId: "4561255354251345929",
};

const parse = (document: string) => parseMessage(Buffer.from(document));
const parseType = (msgType: string, fields: XmlFields) =>
  parse(messageXml({ ...common, msgId: "4561255354251345929", msgType, fields }));

const MESSAGES: readonly [string, XmlFields, object][] = [
  ["text", { Content: " hello " }, { content: " hello " }],
  ["image", { PicUrl: "https://p/1", MediaId: "m1" }, { picUrl: "https://p/1", mediaId: "m1" }],
  ["voice", { MediaId: "m1", Format: "amr" }, { mediaId: "m1", format: "amr" }],
  ["video", { MediaId: "m1", ThumbMediaId: "t1" }, { mediaId: "m1", thumbMediaId: "t1" }],
  [
    "location",
    { Location_X: "23.134", Location_Y: "-113.358", Scale: 20, Label: "广州", AppType: "wxwork" },
    { latitude: 23.134, longitude: -113.358, scale: 20, label: "广州", appType: "wxwork" },
  ],
  [
    "link",
    { Title: "t", Description: "d", Url: "https://l", PicUrl: "https://p" },
    { title: "t", description: "d", url: "https://l", picUrl: "https://p" },
  ],
  [
    "file",
    { Title: "a.pdf", Description: "d", FileKey: "k", FileMd5: "5", FileTotalLen: 1024 },
    { title: "a.pdf", description: "d", fileKey: "k", fileMd5: "5", sizeBytes: 1024 },
  ],
];

describe("messages", () => {
  it.each(MESSAGES)("reads %s", (kind, fields, content) => {
    expect(parseType(kind, fields)).toEqual({ ...parsedCommon, kind, ...content });
  });

  it("has a case above for every kind", () => {
    expect(MESSAGES.map(([kind]) => kind).sort()).toEqual(Object.keys(MESSAGE_READERS).sort());
  });

  it("keeps user id, agent id and message id as text", () => {
    const message = parse(
      "<xml><ToUserName>ww1</ToUserName><FromUserName>00123</FromUserName><CreateTime>1</CreateTime>" +
        "<MsgType>text</MsgType><Content>1</Content><MsgId>9223372036854775807</MsgId><AgentID>007</AgentID></xml>",
    );
    expect(message).toMatchObject({ fromUserName: "00123", msgId: "9223372036854775807", agentId: "007" });
  });

  it.each([
    " ]]> ",
    "]]]]>>",
    "🙂👨‍👩‍👧‍👦",
    "[微笑]",
    "",
    "  ",
    "<a href='x'>&amp;</a>",
    "\u0000\u0007",
    "a\u2028b",
  ])("keeps the content %j", (content) => {
    expect(parse(textMessageXml({ ...common, msgId: "1", content }))).toMatchObject({
      kind: "text",
      content,
    });
  });

  it("leaves out what WeCom leaves out", () => {
    const location = parseType("location", { Location_X: "1", Location_Y: "2" });
    expect(location).toEqual({ ...parsedCommon, kind: "location", latitude: 1, longitude: 2, label: "" });
    expect(Object.keys(location)).not.toContain("appType");
  });
});

describe("unsupported", () => {
  it.each(["shortvideo", "mixed", "constructor", "__proto__", "toString"])("type %s", (msgType) => {
    expect(parseType(msgType, { MediaId: "m1", Nested: { Item: ["1", "2"] } })).toEqual({
      ...parsedCommon,
      kind: "unsupported",
      msgType: msgType.toLowerCase(),
      raw: expect.objectContaining({ MediaId: "m1", Nested: { Item: ["1", "2"] } }),
    });
  });

  it.each(["kf_msg_or_event", "change_external_contact", "brand_new", "constructor", "valueOf"])(
    "event %s",
    (event) => {
      expect(parse(eventXml({ ...common, event, fields: { New: "1" } }))).toMatchObject({
        kind: "unsupported",
        msgType: "event",
        event: event.toLowerCase(),
        raw: { New: "1", Event: event },
      });
    },
  );

  it("an event without a name", () => {
    const parsed = parse(eventXml({ ...common, event: "" }));
    expect(parsed).toMatchObject({ kind: "unsupported", msgType: "event" });
    expect(parsed).not.toHaveProperty("event");
  });

  it.each<[string, XmlFields]>([
    ["image", { PicUrl: "https://p/1" }],
    ["voice", { Format: "amr" }],
    ["video", {}],
    ["text", {}],
    ["text", { Content: ["twice", "over"] }],
    ["text", { Content: { Part: "1" } }],
    ["location", { Location_X: "north", Location_Y: "1" }],
    ["link", { Title: "no address" }],
  ])("a known type (%s) without what it needs: %j", (msgType, fields) => {
    expect(parseType(msgType, fields)).toMatchObject({ kind: "unsupported", msgType });
  });
});

describe("what is no message", () => {
  const complete = {
    ToUserName: "<ToUserName>ww1</ToUserName>",
    FromUserName: "<FromUserName>u</FromUserName>",
    CreateTime: "<CreateTime>1</CreateTime>",
    MsgType: "<MsgType>text</MsgType>",
  };
  const documentOf = (parts: Record<string, string>) => `<xml>${Object.values(parts).join("")}</xml>`;

  it.each(Object.keys(complete) as (keyof typeof complete)[])("%s missing, empty or repeated", (name) => {
    for (const part of ["", `<${name}></${name}>`, complete[name].repeat(2)]) {
      const document = documentOf({ ...complete, [name]: part });
      expect(() => parse(document)).toThrow(expect.objectContaining({ code: "message_invalid" }));
    }
  });

  it.each(["soon", "-1", "1.5", "1e9", "9".repeat(20)])("CreateTime %s", (time) => {
    const document = documentOf({ ...complete, CreateTime: `<CreateTime>${time}</CreateTime>` });
    expect(() => parse(document)).toThrow(expect.objectContaining({ code: "message_invalid" }));
  });

  it("an empty root, a DOCTYPE, invalid UTF-8", () => {
    expect(() => parse("<xml/>")).toThrow(expect.objectContaining({ code: "message_invalid" }));
    expect(() => parse("<!DOCTYPE xml><xml/>")).toThrow(expect.objectContaining({ code: "xml_doctype" }));
    const latin1 = Buffer.from("<xml><Content>é</Content></xml>", "latin1");
    expect(() => parseMessage(latin1)).toThrow(expect.objectContaining({ code: "encoding_invalid" }));
  });

  it("random bytes give a CallbackError and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => parseMessage(Buffer.from(bytes))).toThrow(CallbackError);
      }),
    );
  });
});
