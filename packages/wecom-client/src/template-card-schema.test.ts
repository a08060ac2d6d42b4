import { describe, expect, it } from "@jest/globals";
import { templateCardSchema } from "./template-card-schema.ts";
import type { TemplateCard } from "./types.ts";

const main_title = { title: "审批", desc: "请选择" };
const card_action = { type: 1, url: "https://example.com" };
const option = (id: string) => ({ id, text: id });
const submit_button = { text: "提交", key: "submit" };

const cards = {
  text_notice: { card_type: "text_notice", main_title, card_action },
  news_notice: {
    card_type: "news_notice",
    main_title,
    card_action,
    card_image: { url: "https://x/y.png", aspect_ratio: 2.25 },
  },
  button_interaction: {
    card_type: "button_interaction",
    main_title,
    task_id: "task-1@x",
    button_list: [
      { text: "同意", style: 1, key: "yes" },
      { text: "拒绝", style: 2, key: "no" },
    ],
  },
  vote_interaction: {
    card_type: "vote_interaction",
    main_title,
    task_id: "t",
    checkbox: { question_key: "q", mode: 1, option_list: [option("a"), option("b")] },
    submit_button,
  },
  multiple_interaction: {
    card_type: "multiple_interaction",
    main_title,
    task_id: "t",
    select_list: [{ question_key: "q", title: "?", option_list: [option("a")] }],
    submit_button,
  },
} as const satisfies Record<string, TemplateCard>;

describe("templateCardSchema", () => {
  it.each(Object.entries(cards))("takes %s", (_type, card) => {
    expect(templateCardSchema.safeParse(card).error).toBeUndefined();
  });

  const action_menu = { action_list: [{ text: "忽略", key: "k" }] };
  const button = { text: "x", key: "k" };
  it.each<[string, object]>([
    ["an unknown card", { card_type: "poster" }],
    ["a text notice without any title", { ...cards.text_notice, main_title: undefined }],
    ["a text notice without card_action", { ...cards.text_notice, card_action: undefined }],
    ["an action menu without task_id", { ...cards.text_notice, action_menu }],
    ["a url target without url", { ...cards.text_notice, card_action: { type: 1 } }],
    ["a news notice without picture", { ...cards.news_notice, card_image: undefined }],
    ["a picture too wide", { ...cards.news_notice, card_image: { url: "https://x", aspect_ratio: 2.3 } }],
    [
      "seven buttons",
      {
        ...cards.button_interaction,
        button_list: Array.from({ length: 7 }, (_, n) => ({ text: "x", key: `${n}` })),
      },
    ],
    ["two buttons with one key", { ...cards.button_interaction, button_list: [button, button] }],
    ["a button without key", { ...cards.button_interaction, button_list: [{ text: "x" }] }],
    ["a task_id with a space", { ...cards.button_interaction, task_id: "a b" }],
    ["a task_id of 129 bytes", { ...cards.button_interaction, task_id: "a".repeat(129) }],
    [
      "a vote without options",
      { ...cards.vote_interaction, checkbox: { question_key: "q", option_list: [] } },
    ],
    [
      "21 vote options",
      {
        ...cards.vote_interaction,
        checkbox: { question_key: "q", option_list: Array.from({ length: 21 }, (_, n) => option(`${n}`)) },
      },
    ],
    [
      "four selects",
      {
        ...cards.multiple_interaction,
        select_list: Array.from({ length: 4 }, (_, n) => ({
          question_key: `${n}`,
          option_list: [option("a")],
        })),
      },
    ],
  ])("refuses %s", (_what, card) => {
    expect(templateCardSchema.safeParse(card).success).toBe(false);
  });

  it("takes an action menu together with a task_id", () => {
    expect(templateCardSchema.safeParse({ ...cards.text_notice, action_menu, task_id: "t" }).success).toBe(
      true,
    );
  });
});
