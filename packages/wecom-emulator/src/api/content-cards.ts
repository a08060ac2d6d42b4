import { ApiError } from "../api-error.ts";
import { WECOM_LIMITS } from "../limits.ts";
import type { AppState } from "../state/app-registry.ts";
import type { ShownArticle, ShownContent } from "../view/shown-content.ts";
import type { ContentReader } from "./content-reader.ts";
import type { JsonObject } from "./request-fields.ts";
import { objects, text } from "./request-fields.ts";

const { titleBytes, descriptionBytes } = WECOM_LIMITS;

export function readTextcard(body: JsonObject, reader: ContentReader): ShownContent {
  return {
    kind: "textcard",
    title: reader.required(body, "title", titleBytes, 41016),
    description: reader.required(body, "description", descriptionBytes, 41033),
    url: reader.url(body, "url"),
    button: [...(text(body, "btntxt") || "详情")].slice(0, 4).join(""),
  };
}

function newsArticle(article: JsonObject, reader: ContentReader): ShownArticle {
  const opensMiniProgram = text(article, "appid") !== "" && text(article, "pagepath") !== "";
  return {
    title: reader.required(article, "title", titleBytes, 41016),
    description: reader.cut(article, "description", descriptionBytes),
    url: opensMiniProgram ? "" : reader.url(article, "url"),
    picUrl: text(article, "picurl"),
  };
}

function mpnewsArticle(article: JsonObject, reader: ContentReader): ShownArticle {
  if (Buffer.byteLength(text(article, "author")) > WECOM_LIMITS.mpnewsAuthorBytes) throw new ApiError(45032);
  const content = text(article, "content");
  if (content === "") throw new ApiError(44004, "content is empty");
  if (Buffer.byteLength(content) > WECOM_LIMITS.mpnewsContentBytes) throw new ApiError(45002);
  reader.media(article, "image", "thumb_media_id");
  return {
    title: reader.required(article, "title", titleBytes, 41016),
    description: reader.cut(article, "digest", descriptionBytes),
    url: text(article, "content_source_url"),
    picUrl: "",
  };
}

export function readArticles(kind: "news" | "mpnews") {
  const readArticle = kind === "news" ? newsArticle : mpnewsArticle;
  return (body: JsonObject, reader: ContentReader, request: JsonObject): ShownContent => {
    if (kind === "news" && Number(request.safe ?? 0) !== 0) throw new ApiError(40074);
    const articles = objects(body, "articles");
    if (articles.length < 1 || articles.length > WECOM_LIMITS.articles) throw new ApiError(45008);
    return { kind, articles: articles.map((article) => readArticle(article, reader)) };
  };
}

export function readMiniprogramNotice(
  body: JsonObject,
  reader: ContentReader,
  request: JsonObject,
  _app: AppState,
): ShownContent {
  if (request.touser === "@all") throw new ApiError(40058, "miniprogram_notice cannot go to @all");
  if (text(body, "appid") === "") throw new ApiError(90200, "appid is empty");
  const items = objects(body, "content_item");
  if (items.length > 10) throw new ApiError(90205, "more than 10 items");
  return {
    kind: "miniprogram_notice",
    title: reader.required(body, "title", titleBytes, 90201),
    description: text(body, "description"),
    items: items.map((item) => ({ key: text(item, "key"), value: text(item, "value") })),
  };
}
