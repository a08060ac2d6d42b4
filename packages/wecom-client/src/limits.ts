/**
 * The platform's limits, one place for each. "Bytes" are UTF-8 bytes. Numbers in comments are page ids of
 * developer.work.weixin.qq.com/document/path/<id>.
 */

/** Doc 90236: longer text is cut without an error. */
export const TEXT_LIMIT_BYTES = 2048;
/** Doc 90236. What WeCom does with more is undocumented. */
export const MARKDOWN_LIMIT_BYTES = 2048;
/** Ours: thirty messages, which is what a member may get in a minute (doc 90312). */
export const DRAFT_LIMIT_BYTES = 60_000;
/** Doc 90236. The newer text counts characters, the older bytes: bytes are within both. */
export const TITLE_LIMIT_BYTES = 128;
/** Doc 90236. */
export const DESCRIPTION_LIMIT_BYTES = 512;
/** Doc 90236. */
export const URL_LIMIT_BYTES = 2048;
/** Doc 90236. */
export const TEXTCARD_BUTTON_LIMIT_CHARS = 4;
/** Doc 90236, news and mpnews. */
export const ARTICLES_LIMIT = 8;
/** Doc 90236, mpnews. */
export const AUTHOR_LIMIT_BYTES = 64;
/** Doc 90236 and error 45002, mpnews content. */
export const MPNEWS_CONTENT_LIMIT_BYTES = 666 * 1024;

/** Doc 90236; errors 40032, 82002 and 82003. */
export const RECIPIENT_USERS_LIMIT = 1000;
export const RECIPIENT_PARTIES_LIMIT = 100;
export const RECIPIENT_TAGS_LIMIT = 100;
/** Doc 90196. */
export const USER_ID_LIMIT_BYTES = 64;

/** Doc 90236: the duplicate check covers 30 minutes unless told otherwise, 4 hours at most. */
export const DUPLICATE_CHECK_DEFAULT_SECONDS = 1800;
export const DUPLICATE_CHECK_LIMIT_SECONDS = 14_400;
/** Doc 94867. */
export const RECALL_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * Doc 90236, mini program notices: 12, 10 and 30 Chinese characters. Counted in bytes of such characters,
 * because what a Latin letter counts for is undocumented; WeCom answers 9020x for what is too long after all.
 */
export const MINIPROGRAM_HEADING_LIMIT_BYTES = 12 * 3;
export const MINIPROGRAM_ITEMS_LIMIT = 10;
export const MINIPROGRAM_ITEM_KEY_LIMIT_BYTES = 10 * 3;
export const MINIPROGRAM_ITEM_VALUE_LIMIT_BYTES = 30 * 3;

/** Doc 90236, template cards. */
export const CARD_TASK_ID_LIMIT_BYTES = 128;
export const CARD_KEY_LIMIT_BYTES = 1024;
export const CARD_OPTION_ID_LIMIT_BYTES = 128;
export const CARD_ACTIONS_LIMIT = 3;
export const CARD_HORIZONTAL_ITEMS_LIMIT = 6;
export const CARD_VERTICAL_ITEMS_LIMIT = 4;
export const CARD_JUMPS_LIMIT = 3;
export const CARD_BUTTONS_LIMIT = 6;
export const CARD_SELECTION_OPTIONS_LIMIT = 10;
export const CARD_VOTE_OPTIONS_LIMIT = 20;
export const CARD_SELECTS_LIMIT = 3;
/** Doc 90236, news_notice. */
export const CARD_IMAGE_ASPECT_RATIO = { min: 1.3, max: 2.25 } as const;
/** Doc 94888: how long a response code can update its card, once. */
export const CARD_RESPONSE_CODE_LIFETIME_MS = 72 * 60 * 60 * 1000;

/** Doc 90245, groups that an app creates. */
export const CHAT_NAME_LIMIT_CHARS = 50;
export const CHAT_USERS_LIMIT = 2000;
/** Doc 90312: what a member gets from all groups of a corp's apps; what is over the limit is dropped. */
export const CHAT_MEMBER_MESSAGES_PER_MINUTE = 200;
export const CHAT_MEMBER_MESSAGES_PER_DAY = 10_000;

/** Doc 90253. Every file has more than 5 bytes. */
export const MEDIA_MIN_BYTES = 6;
export const MEDIA_LIMIT_BYTES = {
  image: 10 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  file: 20 * 1024 * 1024,
} as const;
/** Doc 90253; `file` takes anything. */
export const MEDIA_EXTENSIONS = {
  image: ["jpg", "jpeg", "png"],
  voice: ["amr"],
  video: ["mp4"],
} as const;
/** Doc 90253: how long a media id is good. */
export const MEDIA_LIFETIME_MS = 3 * 24 * 60 * 60 * 1000;

/** Doc 91039 asks to reserve 512 bytes; four times that is still taken. */
export const ACCESS_TOKEN_LIMIT_BYTES = 2048;
/** Doc 91039. */
export const ACCESS_TOKEN_LIFETIME_SECONDS = 7200;

/** Doc 90312, message/send to one member: what is over the limit is dropped, and the answer still says ok. */
export const MEMBER_MESSAGES_PER_MINUTE = 30;
export const MEMBER_MESSAGES_PER_HOUR = 1000;
/** Doc 90312: a frequency block lasts as long as the period of the limit, a minute at the least. */
export const RATE_BLOCK_MIN_MS = 60_000;
