import { h, icon, link } from "./dom.js";
import { bytes } from "./format.js";
import { t } from "./i18n.js";
import { markdownView } from "./markdown-view.js";
import { templateCardView } from "./template-card-view.js";

export function textView(segments) {
  const parts = segments.map(({ text, href }) => (href === undefined ? text : link(href, text)));
  return h("div.text", {}, ...parts);
}

const mediaUrl = (media) => `/_emulator/media/${encodeURIComponent(media.mediaId)}`;

export function fileView(media, symbol) {
  return h(
    "a.file-card",
    { href: mediaUrl(media), download: media.filename },
    h("span.file-icon", {}, icon(symbol)),
    h("span", {}, h("span.file-name", {}, media.filename), h("span.subtle", {}, bytes(media.sizeBytes))),
  );
}

export function imageView(media) {
  const picture = h("img.picture", { src: mediaUrl(media), alt: media.filename, loading: "lazy" });
  return h("a", { href: mediaUrl(media), target: "_blank", rel: "noopener" }, picture);
}

function videoView(content) {
  return h(
    "div",
    {},
    content.title !== "" && h("div.card-title", {}, content.title),
    content.description !== "" && h("div.card-desc", {}, content.description),
    fileView(content.media, "video"),
  );
}

function textcardView(content, layout) {
  const lines = layout.lines.map((line) => h(`div.tone-${line.tone}`, {}, line.text));
  const body = h("div.card-body", {}, h("div.card-title", {}, content.title), ...lines);
  return h("div.card", {}, body, link(content.url, h("div.card-foot", {}, content.button)));
}

function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Pictures of other servers are named, not loaded: the page talks to nobody but the emulator. */
function outsidePicture(url, withText) {
  const text =
    withText && url !== "" ? h("span.subtle", {}, t("imageOutside", { host: hostOf(url) })) : icon("image");
  return h("div.article-picture", { title: url }, text);
}

function articleView(article, index) {
  if (index > 0) {
    return link(
      article.url,
      h("div.article", {}, h("span", {}, article.title), outsidePicture(article.picUrl, false)),
    );
  }
  const words = h(
    "div.card-body",
    {},
    h("div.card-title", {}, article.title),
    article.description !== "" && h("div.card-desc", {}, article.description),
  );
  return link(article.url, h("div.article-lead", {}, outsidePicture(article.picUrl, true), words));
}

function miniprogramView(content) {
  const pairs = content.items.flatMap(({ key, value }) => [h("dt", {}, key), h("dd", {}, value)]);
  return h(
    "div.card",
    {},
    h(
      "div.card-body",
      {},
      h("div.card-title", {}, content.title),
      h("div.card-desc", {}, content.description),
      h("dl.pairs", {}, ...pairs),
    ),
  );
}

/**
 * What an app sent, as a member sees it.
 *
 * @returns {{ node: HTMLElement, bare: boolean }} bare content brings its own frame
 */
export function contentView(item, actions) {
  const { content, layout } = item;
  switch (content.kind) {
    case "text":
      return { node: textView(layout.segments), bare: false };
    case "markdown":
      return { node: markdownView(layout.blocks), bare: false };
    case "image":
      return { node: imageView(content.media), bare: true };
    case "voice":
      return { node: fileView(content.media, "voice"), bare: true };
    case "file":
      return { node: fileView(content.media, "file"), bare: true };
    case "video":
      return { node: videoView(content), bare: true };
    case "textcard":
      return { node: textcardView(content, layout), bare: true };
    case "news":
    case "mpnews":
      return { node: h("div.card", {}, ...content.articles.map(articleView)), bare: true };
    case "miniprogram_notice":
      return { node: miniprogramView(content), bare: true };
    default:
      return {
        node: templateCardView(content, (key, items) => actions.pressCard(item, key, items)),
        bare: true,
      };
  }
}
