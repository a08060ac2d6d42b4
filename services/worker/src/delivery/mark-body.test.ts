import { createTexts } from "@gateway/texts";
import { describe, expect, it } from "@jest/globals";
import { markBody, markRoomBytes } from "./mark-body.ts";
import { planReply } from "./plan-reply.ts";

const texts = createTexts("en");
const HOUR_MS = 3600 * 1000;
const policy = { unknownOutcome: "resend-marked", late: "send-marked" } as const;
const body = (msgtype: string, content: string) =>
  JSON.stringify({ touser: "u", msgtype, [msgtype]: { content }, duplicate_check_interval: 1801 });

describe("markBody", () => {
  it.each(["text", "markdown"])("puts the mark before a %s and leaves the rest alone", (msgtype) => {
    const marked = JSON.parse(markBody(body(msgtype, "hello"), "late", 26 * HOUR_MS, texts) ?? "{}");
    expect(marked).toMatchObject({ touser: "u", msgtype, duplicate_check_interval: 1801 });
    expect(marked[msgtype].content).toMatch(/late.*\nhello$/s);
    const again = JSON.parse(markBody(body(msgtype, "hello"), "duplicate", 0, texts) ?? "{}");
    expect(again[msgtype].content).toMatch(/^♻️.*\nhello$/s);
  });

  it("speaks the app's language", () => {
    expect(markBody(body("text", "好"), "duplicate", 0, createTexts("zh-CN"))).toContain("重发");
  });

  it("marks nothing that has no text or no room", () => {
    expect(markBody(body("image", "x"), "late", 0, texts)).toBeUndefined();
    expect(markBody("not json", "late", 0, texts)).toBeUndefined();
    expect(markBody(body("text", "x".repeat(2048)), "late", 0, texts)).toBeUndefined();
  });

  it.each(["en", "zh-CN"] as const)("finds the room that a plan has left for it (%s)", (language) => {
    const words = createTexts(language);
    const style = { format: "text", number: true, reserveBytes: markRoomBytes(words, policy) } as const;
    const { chunks } = planReply({
      id: "re-1",
      kind: "answer",
      conversation: { corpId: "ww1", agentId: "2", userId: "u" },
      messageIds: ["m"],
      text: "企".repeat(3000),
      createdAtMs: 0,
      style,
    });
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      const late = markBody(chunk, "late", 40 * 24 * HOUR_MS, words);
      expect(markBody(late ?? "", "duplicate", 0, words)).toBeDefined();
    }
  });

  it("takes no room where the policy needs none", () => {
    expect(markRoomBytes(texts, { unknownOutcome: "dead-letter", late: "dead-letter" })).toBe(0);
  });
});
