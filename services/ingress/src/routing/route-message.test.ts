import { parseMessage } from "@gateway/wecom-client/callback";
import { eventXml, messageXml } from "@gateway/wecom-client/testing";
import { describe, expect, it } from "@jest/globals";
import { routeMessage } from "./route-message.ts";

const common = { corpId: "wwA", agentId: "1", userId: "zhangsan" };
const routeOf = (xml: string) => routeMessage(parseMessage(Buffer.from(xml)));
const event = (name: string, fields = {}) => routeOf(eventXml({ ...common, event: name, fields }));

describe("routes", () => {
  it.each([
    ["text", { Content: "hi" }],
    ["image", { PicUrl: "http://p", MediaId: "m" }],
    ["voice", { MediaId: "m", Format: "amr" }],
    ["video", { MediaId: "m", ThumbMediaId: "t" }],
    ["location", { Location_X: 23, Location_Y: 113, Scale: 20, Label: "here" }],
    ["link", { Title: "t", Description: "d", Url: "http://u", PicUrl: "http://p" }],
    ["file", { Title: "t", FileKey: "k" }],
  ])("a %s message goes to its conversation", (msgType, fields) => {
    expect(routeOf(messageXml({ ...common, msgType, msgId: "1", fields }))).toEqual({ to: "conversation" });
  });

  it("a click on the menu goes to its conversation, in any spelling", () => {
    expect(event("click", { EventKey: "K" })).toEqual({ to: "conversation" });
    expect(event("CLICK", { EventKey: "K" })).toEqual({ to: "conversation" });
  });

  it.each(["template_card_event", "template_card_menu_event"])(
    "a %s reaches the conversation whose card it is",
    (name) => {
      expect(event(name, { EventKey: "approve:AB12", TaskId: "t" })).toEqual({ to: "conversation" });
    },
  );

  it("enter_agent goes to its conversation: the app may have a welcome", () => {
    expect(event("enter_agent", { EventKey: "" })).toEqual({ to: "conversation" });
  });

  it.each(["subscribe", "unsubscribe", "reopen_inactive_agent"])("%s is acknowledged and ignored", (name) => {
    expect(event(name, { EventKey: "" })).toEqual({ to: "ignore", reason: "event_not_routed" });
  });

  it("an unknown event or message type is acknowledged and ignored", () => {
    const ignored = { to: "ignore", reason: "unsupported_type" };
    expect(event("invented_tomorrow")).toEqual(ignored);
    expect(event("constructor")).toEqual(ignored);
    expect(routeOf(messageXml({ ...common, msgType: "hologram", msgId: "1" }))).toEqual(ignored);
  });
});
