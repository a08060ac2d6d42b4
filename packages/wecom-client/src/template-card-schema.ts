import { z } from "zod";
import {
  CARD_BUTTONS_LIMIT,
  CARD_HORIZONTAL_ITEMS_LIMIT,
  CARD_IMAGE_ASPECT_RATIO,
  CARD_JUMPS_LIMIT,
  CARD_SELECTS_LIMIT,
  CARD_VERTICAL_ITEMS_LIMIT,
  CARD_VOTE_OPTIONS_LIMIT,
} from "./limits.ts";
import { distinct, url } from "./schema-parts.ts";
import {
  actionMenu,
  cardAction,
  complete,
  horizontalItem,
  jump,
  key,
  leadsTo,
  mainTitle,
  option,
  optionalCardAction,
  options,
  quoteArea,
  selection,
  source,
  submitButton,
  taskId,
  words,
} from "./template-card-parts.ts";

const shared = { source: source.optional(), action_menu: actionMenu.optional() };
const details = {
  quote_area: quoteArea.optional(),
  horizontal_content_list: z.array(horizontalItem).max(CARD_HORIZONTAL_ITEMS_LIMIT).optional(),
};
const jumps = { jump_list: z.array(jump).max(CARD_JUMPS_LIMIT).optional() };

const textNotice = z.object({
  card_type: z.literal("text_notice"),
  ...shared,
  ...details,
  ...jumps,
  main_title: mainTitle.optional(),
  emphasis_content: z.object({ title: words.optional(), desc: words.optional() }).optional(),
  sub_title_text: words.optional(),
  card_action: cardAction,
  task_id: taskId.optional(),
});
const newsNotice = z.object({
  card_type: z.literal("news_notice"),
  ...shared,
  ...details,
  ...jumps,
  main_title: mainTitle.extend({ title: words }),
  card_image: z
    .object({
      url,
      aspect_ratio: z.number().min(CARD_IMAGE_ASPECT_RATIO.min).max(CARD_IMAGE_ASPECT_RATIO.max).optional(),
    })
    .optional(),
  image_text_area: z
    .object({
      ...leadsTo(z.literal([0, 1, 2])),
      title: words.optional(),
      desc: words.optional(),
      image_url: url,
    })
    .refine(...complete)
    .optional(),
  vertical_content_list: z
    .array(z.object({ title: words, desc: words.optional() }))
    .max(CARD_VERTICAL_ITEMS_LIMIT)
    .optional(),
  card_action: cardAction,
  task_id: taskId.optional(),
});
const buttonInteraction = z.object({
  card_type: z.literal("button_interaction"),
  ...shared,
  ...details,
  main_title: mainTitle,
  sub_title_text: words.optional(),
  card_action: optionalCardAction.optional(),
  task_id: taskId,
  button_selection: selection.optional(),
  button_list: z
    .array(
      z
        .object({
          type: z.literal([0, 1]).optional(),
          text: words,
          style: z.literal([1, 2, 3, 4]).optional(),
          key: key.optional(),
          url: url.optional(),
        })
        .refine((button) => (button.type === 1 ? button.url : button.key) !== undefined, {
          error: "needs a key, or a url for type 1",
        }),
    )
    .min(1)
    .max(CARD_BUTTONS_LIMIT)
    .refine(...distinct("key", (button: { key?: string | undefined }) => button.key)),
});
const voteInteraction = z.object({
  card_type: z.literal("vote_interaction"),
  source: source.optional(),
  main_title: mainTitle.extend({ title: words }),
  task_id: taskId,
  checkbox: z.object({
    question_key: key,
    mode: z.literal([0, 1]).optional(),
    option_list: options(option.extend({ is_checked: z.boolean().optional() }), CARD_VOTE_OPTIONS_LIMIT),
  }),
  submit_button: submitButton,
});
const multipleInteraction = z.object({
  card_type: z.literal("multiple_interaction"),
  source: source.optional(),
  main_title: mainTitle.extend({ title: words }),
  task_id: taskId,
  select_list: z
    .array(selection)
    .min(1)
    .max(CARD_SELECTS_LIMIT)
    .refine(...distinct("question_key", (entry: { question_key: string }) => entry.question_key)),
  submit_button: submitButton,
});

export const templateCardSchema = z
  .discriminatedUnion("card_type", [
    textNotice,
    newsNotice,
    buttonInteraction,
    voteInteraction,
    multipleInteraction,
  ])
  .refine((card) => !("action_menu" in card && card.action_menu) || card.task_id !== undefined, {
    error: "needs a task_id when it has an action_menu",
  })
  .refine(
    (card) =>
      card.card_type !== "text_notice" || (card.main_title?.title ?? card.sub_title_text) !== undefined,
    { error: "needs main_title.title or sub_title_text" },
  )
  .refine((card) => card.card_type !== "news_notice" || card.card_image || card.image_text_area, {
    error: "needs card_image or image_text_area",
  });
