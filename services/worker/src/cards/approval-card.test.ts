import type { ApprovalRequest } from "@gateway/conversation";
import { createTexts } from "@gateway/texts";
import { templateCardSchema } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { askNotice, decidedCard } from "./approval-card.ts";

const texts = createTexts("en");
const request: ApprovalRequest = {
  code: "AB23",
  turnId: "re-cb-1",
  title: "Delete files",
  detail: "rm -r ./tmp",
  directory: "/srv/agent",
  card: true,
  askedAtMs: 1,
};

describe("the card that asks for an approval", () => {
  it("shows command, directory and code, with a button for each decision", () => {
    const { text, card } = askNotice(request, texts);
    expect(text).toBe("");
    expect(card?.fallback).toBe(
      texts.approval.asked({
        title: "Delete files",
        detail: "rm -r ./tmp\nDirectory: /srv/agent",
        code: "AB23",
      }),
    );
    expect(card?.body).toMatchObject({
      msgtype: "template_card",
      template_card: {
        card_type: "button_interaction",
        main_title: { desc: "Delete files" },
        sub_title_text: "rm -r ./tmp",
        horizontal_content_list: [
          { keyname: "Directory", value: "/srv/agent" },
          { keyname: "Code", value: "AB23" },
        ],
        button_list: [{ key: "approve:AB23" }, { key: "deny:AB23" }],
      },
    });
  });

  it.each([
    ["a long command", { detail: `rm ${"x".repeat(200)}` }],
    ["a command of many lines", { detail: "a\nb\nc\nd\ne\nf\ng" }],
    ["a long directory", { directory: `/${"x".repeat(60)}` }],
    ["a long title", { title: "x".repeat(80) }],
  ])("comes behind a text that has everything when the card would cut %s", (_, change) => {
    const long = { ...request, ...change };
    const { text, card } = askNotice(long, texts);
    for (const part of [long.detail, long.directory, long.title]) expect(text).toContain(part);
    expect(JSON.stringify(card?.body)).not.toContain(Object.values(change)[0]);
    expect(card?.fallback).toContain("/approve AB23");
  });

  it("is a text where cards are off", () => {
    const { card: _, ...plain } = request;
    expect(askNotice(plain, texts)).toEqual({ text: expect.stringContaining("/approve AB23") });
    expect(decidedCard(plain, "approved", texts)).toEqual([]);
  });

  it("is a card that WeCom takes, before and after", () => {
    const { card } = askNotice({ ...request, directory: undefined }, texts, "[Background task AB]");
    expect(
      card?.body.msgtype === "template_card" && templateCardSchema.safeParse(card.body.template_card).error,
    ).toBe(undefined);
    for (const state of ["approved", "denied", "expired", "withdrawn"] as const) {
      const [update] = decidedCard(request, state, texts, "code");
      expect(templateCardSchema.safeParse(update?.card).error).toBe(undefined);
      expect(update).toMatchObject({ replyId: "no-re-cb-1-ask-AB23", responseCode: "code" });
    }
  });
});
