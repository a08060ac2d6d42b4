import { inboundMessageId, isReadableMessage, turnIdOf } from "@gateway/conversation";
import { parseMessage } from "@gateway/wecom-client/callback";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readPress } from "../control/read-press.ts";
import { agentMessageSchema } from "../runners/agent-messages.ts";
import { decisionKey, decisionOf, isOwnButton, stopKey, turnToStop } from "./button-keys.ts";

/** Any UTF-16, also what is no text. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

const CODE_CHARS = [..."23456789ABCDEFGHJKMNPQRSTUVWXYZ"];
const code = fc
  .array(fc.constantFrom(...CODE_CHARS), { minLength: 4, maxLength: 4 })
  .map((all) => all.join(""));
const piece = fc.oneof(
  fc.constantFrom(
    "approve",
    "deny",
    "stop",
    ":",
    "/",
    "／",
    " ",
    "\t",
    "\n",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "停止",
    "AB23",
  ),
  fc.constantFrom("re-cb-1", "APPROVE", "ａｐｐｒｏｖｅ", "\u00ad", "\u0007", "x", "#", "constructor"),
  anyText(4).map((text) => text.toWellFormed().replaceAll("]]>", "")),
);
const gap = fc
  .array(fc.constantFrom(" ", "\t", "\u3000", "\ufeff", "/", "／"), { maxLength: 3 })
  .map((all) => all.join(""));
const meant = fc.constantFrom(
  "approve:AB23",
  "deny:AB23",
  "stop:re-cb-1",
  "approve",
  "deny AB23",
  "停止",
  "new",
);
const anyKey = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.tuple(gap, meant, gap).map((pieces) => pieces.join("")),
);

/** What a pressed button with this key is taken for, once it has come back from WeCom. */
function press(key: string, menu: Readonly<Record<string, string>> = {}) {
  const fields = {
    ToUserName: "ww1",
    FromUserName: "zhangsan",
    CreateTime: "1700000000",
    MsgType: "event",
    AgentID: "2",
  };
  const card = { Event: "template_card_event", EventKey: key, TaskId: "t1", CardType: "button_interaction" };
  const elements = Object.entries({ ...fields, ...card }).map(
    ([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`,
  );
  const message = parseMessage(Buffer.from(`<xml>${elements.join("")}</xml>`));
  return message.kind === "event" && message.event === "template_card_event"
    ? readPress(message, menu)
    : undefined;
}

const cardWith = (key: string) => ({
  msgtype: "template_card",
  template_card: {
    ...{ card_type: "button_interaction", main_title: { title: "Colour?" }, task_id: "t1" },
    button_list: [{ text: "Show", key }],
  },
});

/** Whether an agent may have it on a card of its own. */
const isAllowed = (key: string) => agentMessageSchema.safeParse(cardWith(key)).success;

describe("keys of buttons", () => {
  it("of the gateway's own come back as what they stand for, for every code and every turn that there can be", () => {
    const word = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 64 })
      .map((text) => text.toWellFormed());
    const sender = fc.record({
      corpId: word,
      agentId: word,
      fromUserName: word,
      msgId: fc.stringMatching(/^\d{1,64}$/),
    });
    fc.assert(
      fc.property(fc.constantFrom("approve" as const, "deny" as const), code, sender, (name, asked, from) => {
        expect(decisionOf(decisionKey(name, asked))).toEqual({ name, args: asked });
        expect(press(decisionKey(name, asked))).toEqual({ kind: "command", command: { name, args: asked } });
        const { corpId, agentId, ...own } = from;
        const message = {
          ...own,
          kind: "text" as const,
          content: "",
          toUserName: corpId,
          createTime: 0,
          agentId,
        };
        const id = inboundMessageId({ corpId, agentId, message, plaintext: Buffer.alloc(0) });
        const stored = {
          v: 1 as const,
          id,
          appName: "a",
          corpId,
          agentId,
          userId: from.fromUserName,
          receivedAtMs: 0,
          message,
        };
        if (!isReadableMessage(stored)) return;
        const turnId = turnIdOf(id);
        expect(turnToStop(stopKey(turnId))).toBe(turnId);
        expect(press(stopKey(turnId))).toEqual({ kind: "stop", turnId });
      }),
    );
  });

  it("of anybody's are a command, a stop, words for the agent or nothing, and those that an agent may have are words", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const pressed = press(key, { NEW: "/new", x: "/approve" });
        expect(["command", "stop", "text", undefined]).toContain(pressed?.kind);
        if (isOwnButton(key)) expect(isAllowed(key)).toBe(false);
        if (isAllowed(key)) expect(["text", undefined]).toContain(pressed?.kind);
      }),
    );
  });
});

describe("found by the properties above", () => {
  it.each([
    "  approve",
    " approve:AB23",
    "\u3000\u3000deny",
    "stop:re-cb-1 ",
    "\u200bapprove",
    "appr\u00adove:AB23",
  ])("an agent's button with the key %j would have been a command when it came back", (key) => {
    expect(isAllowed(key)).toBe(false);
  });

  it("an agent's button with the key of a menu item is not that item", () => {
    expect(isAllowed("NEW_SESSION")).toBe(true);
    expect(press("NEW_SESSION", { NEW_SESSION: "/new" })).toEqual({ kind: "text", text: "NEW_SESSION" });
  });
});
