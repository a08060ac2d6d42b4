import type { InboundMessage } from "@gateway/conversation";
import { createTexts } from "@gateway/texts";
import { describe, expect, it } from "@jest/globals";
import { durationText } from "./duration.ts";
import { previewMessage, previewOf } from "./preview.ts";

const texts = createTexts("zh-CN");

describe("previewOf", () => {
  it.each([
    ["short", "short"],
    ["  a\n\tb\u0000c\u202E ", "a b c\u202E"],
    ["一".repeat(30), `${"一".repeat(24)}…`],
    ["👩‍👩‍👧‍👦".repeat(30), `${"👩‍👩‍👧‍👦".repeat(24)}…`],
    ["\ud800x", "�x"],
    ["\u0000\u0001", ""],
    [`e${"\u0301".repeat(10_000)}`, "□"],
  ])("shows the beginning on one line (%#)", (text, expected) => {
    expect(previewOf(text)).toBe(expected);
  });

  it("is short, whatever it is given", () => {
    for (const text of ["x".repeat(1_000_000), "\n".repeat(1_000_000), "👩‍👩‍👧‍👦".repeat(100_000)])
      expect(previewOf(text).length).toBeLessThan(600);
  });
});

describe("previewMessage", () => {
  const message = (content: object) => ({ message: content }) as unknown as InboundMessage;
  it("names what is not text", () => {
    expect(previewMessage(message({ kind: "image" }), texts)).toBe("[图片]");
    expect(previewMessage(message({ kind: "event", event: "click" }), texts)).toBe("[消息]");
    expect(previewMessage(message({ kind: "text", content: " \n" }), texts)).toBe("[消息]");
    expect(previewMessage(undefined, texts)).toBe("[消息]");
  });
});

describe("durationText", () => {
  it.each([
    [-5, "0 秒"],
    [59_400, "59 秒"],
    [59_600, "1 分 0 秒"],
    [3_599_000, "59 分 59 秒"],
    [3_600_000, "1 小时 0 分"],
    [90_061_000, "1 天 1 小时"],
  ])("%d ms is %s", (ms, expected) => {
    expect(durationText(texts, ms)).toBe(expected);
  });
});
