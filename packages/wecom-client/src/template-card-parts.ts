import { z } from "zod";
import {
  CARD_ACTIONS_LIMIT,
  CARD_KEY_LIMIT_BYTES,
  CARD_OPTION_ID_LIMIT_BYTES,
  CARD_SELECTION_OPTIONS_LIMIT,
  CARD_TASK_ID_LIMIT_BYTES,
} from "./limits.ts";
import { distinct, mediaId, required, url } from "./schema-parts.ts";

/*
 * The five template cards (WeCom doc 90236), with WeCom's own field names. Only limits that WeCom refuses to
 * exceed are checked: the recommended display lengths are not errors.
 */

export const key = required(CARD_KEY_LIMIT_BYTES);
export const words = z.string();
export const taskId = required(CARD_TASK_ID_LIMIT_BYTES).refine((value) => /^[0-9A-Za-z_@-]*$/.test(value), {
  error: "may have letters, digits, _, - and @ only",
});
/** Where a click leads: nowhere (0), a URL (1) or a mini program (2). */
export const leadsTo = (type: z.ZodType<number>) => ({
  type,
  url: url.optional(),
  appid: words.optional(),
  pagepath: words.optional(),
});
export const complete = [
  (target: { type?: number | undefined; url?: string | undefined; appid?: string | undefined }) =>
    (target.type !== 1 || target.url !== undefined) && (target.type !== 2 || target.appid !== undefined),
  { error: "needs a url for type 1 and an appid for type 2" },
] as const;

export const source = z.object({
  icon_url: url.optional(),
  desc: words.optional(),
  desc_color: z.literal([0, 1, 2, 3]).optional(),
});
export const actionMenu = z.object({
  desc: words.optional(),
  action_list: z
    .array(z.object({ text: words, key }))
    .min(1)
    .max(CARD_ACTIONS_LIMIT)
    .refine(...distinct("key", (action: { key: string }) => action.key)),
});
export const mainTitle = z.object({ title: words.optional(), desc: words.optional() });
export const quoteArea = z
  .object({ ...leadsTo(z.literal([0, 1, 2])), title: words.optional(), quote_text: words.optional() })
  .partial()
  .refine(...complete);
export const horizontalItem = z
  .object({
    type: z.literal([0, 1, 2, 3]).optional(),
    keyname: words,
    value: words.optional(),
    url: url.optional(),
    media_id: mediaId.optional(),
    userid: words.optional(),
  })
  .refine(
    (item) =>
      (item.type !== 1 || item.url !== undefined) &&
      (item.type !== 2 || item.media_id !== undefined) &&
      (item.type !== 3 || item.userid !== undefined),
    { error: "needs a url for type 1, a media_id for type 2 and a userid for type 3" },
  );
export const jump = z.object({ ...leadsTo(z.literal([0, 1, 2])), title: words }).refine(...complete);
export const cardAction = z.object(leadsTo(z.literal([1, 2]))).refine(...complete);
export const optionalCardAction = z.object(leadsTo(z.literal([0, 1, 2]))).refine(...complete);
export const option = z.object({ id: required(CARD_OPTION_ID_LIMIT_BYTES), text: words });
export const options = <Option extends typeof option>(schema: Option, limit: number) =>
  z
    .array(schema)
    .min(1)
    .max(limit)
    .refine(...distinct("id", (entry: z.infer<typeof option>) => entry.id));
export const submitButton = z.object({ text: words, key });
export const selection = z.object({
  question_key: key,
  title: words.optional(),
  option_list: options(option, CARD_SELECTION_OPTIONS_LIMIT),
  selected_id: words.optional(),
});
