import { fileView, imageView, textView } from "./content-view.js";
import { h, icon, link } from "./dom.js";
import { t } from "./i18n.js";

const SYMBOLS = { voice: "voice", video: "video", file: "file" };

function placeView(content) {
  const words = h("span", {}, h("span.file-name", {}, content.label || t("location")), position(content));
  return h("div.file-card", {}, h("span.file-icon", {}, icon("place")), words);
}

const position = ({ latitude, longitude }) => h("span.subtle.mono", {}, `${latitude}, ${longitude}`);

function linkCard(content) {
  const words = h(
    "span",
    {},
    h("span.file-name", {}, content.title),
    h("span.subtle", {}, content.description),
  );
  return link(content.url, h("div.file-card", {}, h("span.file-icon", {}, icon("link")), words));
}

/** What the member sent. Undefined for events, which show as a line and not as a bubble. */
export function memberContent({ content, layout, media }) {
  switch (content.type) {
    case "text":
      return { node: textView(layout.segments), bare: false };
    case "image":
      return {
        node: media === undefined ? h("div", {}, t("image")) : imageView(media),
        bare: media !== undefined,
      };
    case "voice":
    case "video":
    case "file":
      if (media === undefined) return { node: h("div", {}, t(content.type)), bare: false };
      return { node: fileView(media, SYMBOLS[content.type]), bare: true };
    case "location":
      return { node: placeView(content), bare: true };
    case "link":
      return { node: linkCard(content), bare: true };
    default:
      return undefined;
  }
}

export function eventText(content) {
  if (content.type === "other") return t("evt_other", { key: content.event ?? content.msgType });
  return t(`evt_${content.type}`, { key: content.eventKey ?? "" });
}

/** One line for the list of chats. */
export function previewOf(item) {
  const { content } = item;
  if (item.side === "member") {
    if (content.type === "text") return content.content;
    const isThing = ["image", "voice", "video", "file", "location", "link"].includes(content.type);
    return isThing ? `[${t(content.type)}]` : eventText(content);
  }
  if (item.recalledAtMs !== undefined) return t("recalled", { app: "" }).trim();
  if ("text" in content) return content.text;
  if ("title" in content) return content.title;
  if (content.kind === "template_card")
    return content.card.main_title?.title ?? content.card.sub_title_text ?? "";
  if ("articles" in content) return content.articles[0]?.title ?? "";
  return `[${t(content.kind)}]`;
}
