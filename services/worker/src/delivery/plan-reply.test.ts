import { RESEND_WINDOW_SECONDS } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import type { ReplyInput } from "./plan-reply.ts";
import { planReply } from "./plan-reply.ts";

const input: ReplyInput = {
  id: "re-1",
  kind: "answer",
  conversation: { corpId: "ww1", agentId: "1000002", userId: "zhangsan" },
  messageIds: ["cb-1"],
  text: "好的",
  createdAtMs: 1,
};

describe("planReply", () => {
  it("plans the final bytes for the person and the app that were spoken to", () => {
    const [body = ""] = planReply(input).chunks;
    expect(JSON.parse(body)).toMatchObject({
      touser: "zhangsan",
      agentid: 1_000_002,
      msgtype: "text",
      text: { content: "好的" },
      enable_duplicate_check: 1,
    });
  });

  it("plans the same reply byte for byte the same", () => {
    expect(planReply(input)).toEqual(planReply(input));
  });

  it("makes two honest equal answers, and two equal chunks of one, different requests", () => {
    expect(planReply({ ...input, id: "re-2" }).chunks).not.toEqual(planReply(input).chunks);
    const chunks = planReply({ ...input, text: "x".repeat(8192) }).chunks;
    expect(new Set(chunks).size).toBe(4);
  });

  it("keeps the duplicate check at least as long as a chunk may be sent again, and inside WeCom's maximum", () => {
    for (let n = 0; n < 500; n++) {
      const [body = ""] = planReply({ ...input, id: `re-${n}` }).chunks;
      const { duplicate_check_interval: interval } = JSON.parse(body);
      expect(interval).toBeGreaterThanOrEqual(RESEND_WINDOW_SECONDS);
      expect(interval).toBeLessThanOrEqual(14_400);
    }
  });

  it("turns an agent's Markdown into what the app shows, and leaves the gateway's own words as they are", () => {
    const text = "**bold** [label](https://example.com)";
    const [own = ""] = planReply({ ...input, text }).chunks;
    expect(JSON.parse(own).text.content).toBe(text);
    const style = { format: "text", number: false, reserveBytes: 0 } as const;
    const [plain = ""] = planReply({ ...input, text, style }).chunks;
    expect(JSON.parse(plain).text.content).not.toContain("**");
    const [marked = ""] = planReply({ ...input, text, style: { ...style, format: "markdown" } }).chunks;
    expect(JSON.parse(marked)).toMatchObject({ msgtype: "markdown", markdown: { content: text } });
  });

  it("numbers the parts where it is told to, and keeps the room that was reserved", () => {
    const style = { format: "text", number: true, reserveBytes: 500 } as const;
    const contents = planReply({ ...input, text: "x".repeat(4000), style }).chunks.map(
      (chunk) => JSON.parse(chunk).text.content as string,
    );
    expect(contents.map((content) => content.slice(0, 6))).toEqual(["(1/3)\n", "(2/3)\n", "(3/3)\n"]);
    for (const content of contents) expect(Buffer.byteLength(content)).toBeLessThanOrEqual(1548);
  });
});
