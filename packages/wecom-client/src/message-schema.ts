import { z } from "zod";
import {
  ARTICLES_LIMIT,
  AUTHOR_LIMIT_BYTES,
  DESCRIPTION_LIMIT_BYTES,
  DRAFT_LIMIT_BYTES,
  DUPLICATE_CHECK_LIMIT_SECONDS,
  MARKDOWN_LIMIT_BYTES,
  MINIPROGRAM_HEADING_LIMIT_BYTES,
  MINIPROGRAM_ITEM_KEY_LIMIT_BYTES,
  MINIPROGRAM_ITEM_VALUE_LIMIT_BYTES,
  MINIPROGRAM_ITEMS_LIMIT,
  MPNEWS_CONTENT_LIMIT_BYTES,
  RECIPIENT_PARTIES_LIMIT,
  RECIPIENT_TAGS_LIMIT,
  RECIPIENT_USERS_LIMIT,
  TEXT_LIMIT_BYTES,
  TEXTCARD_BUTTON_LIMIT_CHARS,
  TITLE_LIMIT_BYTES,
  USER_ID_LIMIT_BYTES,
} from "./limits.ts";
import { limited, mediaId, required, url } from "./schema-parts.ts";
import { templateCardSchema } from "./template-card-schema.ts";

const media = z.object({ media_id: mediaId });

const article = z
  .object({
    title: required(TITLE_LIMIT_BYTES),
    description: limited(DESCRIPTION_LIMIT_BYTES).optional(),
    url: url.optional(),
    picurl: url.optional(),
    appid: z.string().optional(),
    pagepath: z.string().optional(),
  })
  .refine((value) => value.url !== undefined || value.appid !== undefined, {
    error: "needs a url or an appid",
  });

const mpArticle = z.object({
  title: required(TITLE_LIMIT_BYTES),
  thumb_media_id: mediaId,
  author: limited(AUTHOR_LIMIT_BYTES).optional(),
  content_source_url: url.optional(),
  content: required(MPNEWS_CONTENT_LIMIT_BYTES),
  digest: limited(DESCRIPTION_LIMIT_BYTES).optional(),
});

/** All kinds that have a form of their own. */
const others = [
  z.object({ msgtype: z.literal("image"), image: media }),
  z.object({ msgtype: z.literal("voice"), voice: media }),
  z.object({ msgtype: z.literal("file"), file: media }),
  z.object({
    msgtype: z.literal("video"),
    video: media.extend({
      title: limited(TITLE_LIMIT_BYTES).optional(),
      description: limited(DESCRIPTION_LIMIT_BYTES).optional(),
    }),
  }),
  z.object({
    msgtype: z.literal("textcard"),
    textcard: z.object({
      title: required(TITLE_LIMIT_BYTES),
      description: required(DESCRIPTION_LIMIT_BYTES),
      url,
      btntxt: z
        .string()
        .refine((value) => [...value].length <= TEXTCARD_BUTTON_LIMIT_CHARS, {
          error: `is longer than ${TEXTCARD_BUTTON_LIMIT_CHARS} characters`,
        })
        .optional(),
    }),
  }),
  z.object({
    msgtype: z.literal("news"),
    news: z.object({ articles: z.array(article).min(1).max(ARTICLES_LIMIT) }),
  }),
  z.object({
    msgtype: z.literal("mpnews"),
    mpnews: z.object({ articles: z.array(mpArticle).min(1).max(ARTICLES_LIMIT) }),
  }),
  z.object({
    msgtype: z.literal("miniprogram_notice"),
    miniprogram_notice: z.object({
      appid: required(128),
      page: z.string().optional(),
      title: required(MINIPROGRAM_HEADING_LIMIT_BYTES),
      description: limited(MINIPROGRAM_HEADING_LIMIT_BYTES).optional(),
      emphasis_first_item: z.boolean().optional(),
      content_item: z
        .array(
          z.object({
            key: required(MINIPROGRAM_ITEM_KEY_LIMIT_BYTES),
            value: required(MINIPROGRAM_ITEM_VALUE_LIMIT_BYTES),
          }),
        )
        .max(MINIPROGRAM_ITEMS_LIMIT)
        .optional(),
    }),
  }),
  z.object({ msgtype: z.literal("template_card"), template_card: templateCardSchema }),
] as const;

const textBody = (limitBytes: number) =>
  z.object({ msgtype: z.literal("text"), text: z.object({ content: required(limitBytes) }) });
const markdownBody = (limitBytes: number) =>
  z.object({ msgtype: z.literal("markdown"), markdown: z.object({ content: required(limitBytes) }) });

/** What a message says, with WeCom's own field names (WeCom doc 90236). */
export const messageBodySchema = z.discriminatedUnion("msgtype", [
  textBody(TEXT_LIMIT_BYTES),
  markdownBody(MARKDOWN_LIMIT_BYTES),
  ...others,
]);

/** The same, but a text may be longer than a message: whoever takes it splits it. */
export const messageDraftSchema = z.discriminatedUnion("msgtype", [
  textBody(DRAFT_LIMIT_BYTES),
  markdownBody(DRAFT_LIMIT_BYTES),
  ...others,
]);

/** A list "a|b|c" of at most `limit` ids. */
function pipedIds(limit: number) {
  return z
    .string()
    .refine((value) => value.split("|").length <= limit, { error: `names more than ${limit}` })
    .refine((value) => value.split("|").every((id) => Buffer.byteLength(id) <= USER_ID_LIMIT_BYTES), {
      error: `has an id of more than ${USER_ID_LIMIT_BYTES} bytes`,
    })
    .optional();
}

const flag = z.literal([0, 1]).optional();

/** What surrounds the body: receivers and options (WeCom doc 90236). */
export const messageEnvelopeSchema = z
  .object({
    touser: pipedIds(RECIPIENT_USERS_LIMIT),
    toparty: pipedIds(RECIPIENT_PARTIES_LIMIT),
    totag: pipedIds(RECIPIENT_TAGS_LIMIT),
    agentid: z.number().int().nonnegative(),
    msgtype: z.string(),
    safe: z.literal([0, 1, 2]).optional(),
    enable_id_trans: flag,
    enable_duplicate_check: flag,
    duplicate_check_interval: z.number().int().min(1).max(DUPLICATE_CHECK_LIMIT_SECONDS).optional(),
  })
  .refine((message) => [message.touser, message.toparty, message.totag].some((list) => list), {
    error: "names no receiver",
    params: { code: "no_recipient" },
  })
  .refine((message) => message.safe !== 2 || message.msgtype === "mpnews", {
    error: "safe 2 is for mpnews only",
  })
  .refine((message) => !message.safe || message.msgtype !== "news", {
    error: "news cannot be confidential; use mpnews",
  })
  .refine((message) => message.touser !== "@all" || message.msgtype !== "miniprogram_notice", {
    error: "a mini program notice cannot go to @all",
  });
