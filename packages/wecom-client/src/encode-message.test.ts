import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { checkMessageBytes, encodeMessage } from "./encode-message.ts";
import { WecomError } from "./errors.ts";
import { TEXT_LIMIT_BYTES } from "./limits.ts";
import type { MessageBody, SendMessageRequest } from "./types.ts";

const app = { corpId: "ww1", agentId: "1000002" };
const to = { users: ["zhangsan"] };

function refusal(request: SendMessageRequest): WecomError {
  try {
    encodeMessage(app, request);
  } catch (error) {
    if (error instanceof WecomError) return error;
  }
  throw new Error("it was accepted");
}

describe("encodeMessage", () => {
  it("writes what message/send documents", () => {
    const json = encodeMessage(app, {
      to: { users: ["a", "b"], parties: ["1"], tags: ["2", "3"] },
      safe: 1,
      duplicateCheckSeconds: 1800,
      msgtype: "text",
      text: { content: '你好\n<a href="https://x">x</a>' },
    });
    expect(JSON.parse(json)).toEqual({
      touser: "a|b",
      toparty: "1",
      totag: "2|3",
      agentid: 1000002,
      msgtype: "text",
      text: { content: '你好\n<a href="https://x">x</a>' },
      safe: 1,
      enable_duplicate_check: 1,
      duplicate_check_interval: 1800,
    });
  });

  it("gives the same bytes for the same message", () => {
    const request = { to, msgtype: "text", text: { content: "x" } } as const;
    expect(encodeMessage(app, request)).toBe(encodeMessage(app, request));
  });

  it("takes text of exactly 2048 bytes and refuses one more, whatever the characters", () => {
    const exact = `${"汉".repeat(682)}ab`;
    expect(Buffer.byteLength(exact)).toBe(TEXT_LIMIT_BYTES);
    expect(encodeMessage(app, { to, msgtype: "text", text: { content: exact } })).toContain(exact);
    const error = refusal({ to, msgtype: "text", text: { content: `${exact}c` } });
    expect(error).toMatchObject({ kind: "content", code: "content_too_long", retryable: false });
    expect(error.message).toContain("2048");
    expect(error.message).not.toContain("汉");
  });

  it("sends real UTF-8 without control characters or halves of a pair, which WeCom refuses as 40033", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (content) => {
        const json = encodeMessage(app, {
          to,
          msgtype: "text",
          text: { content: `x${content}\ud800\u0007` },
        });
        expect(json).not.toMatch(/\\u/);
        expect(json.isWellFormed?.() ?? true).toBe(true);
      }),
    );
  });

  it.each<[string, Partial<SendMessageRequest>, string]>([
    ["no receiver", { to: {} }, "no_recipient"],
    ["an empty list", { to: { users: [] } }, "no_recipient"],
    ["1001 users", { to: { users: Array.from({ length: 1001 }, (_, n) => `u${n}`) } }, "message_invalid"],
    [
      "101 departments",
      { to: { parties: Array.from({ length: 101 }, (_, n) => `${n}`) } },
      "message_invalid",
    ],
    ["a smuggled receiver", { to: { users: ["a|@all"] } }, "recipient_invalid"],
    ["@all among others", { to: { users: ["@all", "a"] } }, "recipient_invalid"],
    ["a duplicate check over 4 hours", { duplicateCheckSeconds: 14_401 }, "message_invalid"],
    ["safe 2 for text", { safe: 2 }, "message_invalid"],
  ])("refuses %s", (_what, change, code) => {
    const request = { to, msgtype: "text", text: { content: "x" }, ...change } as SendMessageRequest;
    expect(refusal(request)).toMatchObject({ kind: "content", code });
  });

  it.each<[string, MessageBody]>([
    ["empty text", { msgtype: "text", text: { content: "" } }],
    ["long markdown", { msgtype: "markdown", markdown: { content: "a".repeat(2049) } }],
    [
      "a card url without scheme",
      { msgtype: "textcard", textcard: { title: "t", description: "d", url: "x.com" } },
    ],
    [
      "a long title",
      { msgtype: "textcard", textcard: { title: "题".repeat(43), description: "d", url: "https://x" } },
    ],
    [
      "nine articles",
      { msgtype: "news", news: { articles: Array(9).fill({ title: "t", url: "https://x" }) } },
    ],
    ["an article that leads nowhere", { msgtype: "news", news: { articles: [{ title: "t" }] } }],
    ["no media id", { msgtype: "image", image: { media_id: "" } }],
  ])("refuses %s", (_what, body) => {
    expect(refusal({ to, ...body })).toMatchObject({ kind: "content", retryable: false });
  });

  it("refuses confidential news (40074) and a mini program notice to all", () => {
    const news: MessageBody = { msgtype: "news", news: { articles: [{ title: "t", url: "https://x" }] } };
    expect(refusal({ to, safe: 1, ...news }).message).toContain("confidential");
    const notice = {
      msgtype: "miniprogram_notice",
      miniprogram_notice: { appid: "wx1", title: "会议提醒" },
    } as const;
    expect(refusal({ to: { users: "@all" }, ...notice }).message).toContain("@all");
  });
});

describe("checkMessageBytes", () => {
  it("refuses bytes for another app, so that no message leaves through the wrong one", () => {
    const json = encodeMessage(
      { corpId: "ww1", agentId: "7" },
      { to, msgtype: "text", text: { content: "x" } },
    );
    expect(() => checkMessageBytes(app, json)).toThrow(expect.objectContaining({ code: "wrong_app" }));
  });

  it("refuses what is not JSON without quoting it", () => {
    expect(() => checkMessageBytes(app, "private words")).toThrow(/^(?!.*private)/);
  });
});
