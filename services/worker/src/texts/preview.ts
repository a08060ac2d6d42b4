import type { InboundMessage } from "@gateway/conversation";
import type { Texts } from "@gateway/texts";

/** Characters as a person counts them. */
const PREVIEW_LIMIT = 24;

const segmenter = new Intl.Segmenter("zh", { granularity: "grapheme" });

/** The beginning of a text on one line, without what cannot be shown. Reads no more of the text than it needs. */
export function previewOf(text: string, limit = PREVIEW_LIMIT): string {
  const line = text
    .slice(0, limit * 20)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, " ")
    .trim();
  const shown: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    if (shown.length === limit) return `${shown.join("")}…`;
    shown.push(segment.length > 20 ? "□" : segment);
  }
  return shown.join("");
}

/** One line that tells a person which message of theirs is meant. */
export function previewMessage(message: InboundMessage | undefined, texts: Pick<Texts, "kind">): string {
  const content = message?.message;
  if (content === undefined) return texts.kind.other;
  switch (content.kind) {
    case "text":
      return previewOf(content.content) || texts.kind.other;
    case "image":
    case "voice":
    case "video":
    case "file":
    case "location":
    case "link":
      return texts.kind[content.kind];
    case "event":
    case "unsupported":
      return texts.kind.other;
    default:
      return content satisfies never;
  }
}
