import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { AppState } from "../state/app-registry.ts";
import type { ShownContent } from "../view/shown-content.ts";
import { readArticles, readMiniprogramNotice, readTextcard } from "./content-cards.ts";
import type { ContentReader } from "./content-reader.ts";
import { readTemplateCard } from "./content-template-card.ts";
import type { JsonObject } from "./request-fields.ts";
import { object } from "./request-fields.ts";

type Read = (body: JsonObject, reader: ContentReader, request: JsonObject, app: AppState) => ShownContent;

const readText =
  (kind: "text" | "markdown"): Read =>
  (body, reader) => ({ kind, text: reader.required(body, "content", WECOM_LIMITS.contentBytes, 44004) });

const readFile =
  (kind: "image" | "voice" | "file"): Read =>
  (body, reader) => ({ kind, media: reader.media(body, kind) });

const readVideo: Read = (body, reader) => ({
  kind: "video",
  media: reader.media(body, "video"),
  title: reader.cut(body, "title", WECOM_LIMITS.titleBytes),
  description: reader.cut(body, "description", WECOM_LIMITS.descriptionBytes),
});

/** Message types of `message/send` (doc 90236). markdown_v2 belongs to group robots and is refused, as in WeCom. */
const READERS: Readonly<Record<string, Read>> = {
  text: readText("text"),
  markdown: readText("markdown"),
  image: readFile("image"),
  voice: readFile("voice"),
  file: readFile("file"),
  video: readVideo,
  textcard: readTextcard,
  news: readArticles("news"),
  mpnews: readArticles("mpnews"),
  miniprogram_notice: readMiniprogramNotice,
  template_card: readTemplateCard,
};

/** What the members will see of the request, or the code that WeCom refuses it with. */
export function readContent(request: JsonObject, reader: ContentReader, app: AppState): ShownContent {
  const { msgtype } = request;
  const read = typeof msgtype === "string" && Object.hasOwn(READERS, msgtype) ? READERS[msgtype] : undefined;
  if (read === undefined || typeof msgtype !== "string") throw new ApiError(40008);
  return read(object(request, msgtype), reader, request, app);
}
