import type { ChunkMark } from "@gateway/conversation";
import { TEXT_LIMIT_BYTES } from "@gateway/message-text";
import type { Texts } from "@gateway/texts";
import { z } from "zod";
import { durationText } from "../texts/duration.ts";
import type { ReplyOptions } from "./reply-options.ts";

const content = z.looseObject({ content: z.string() });
const markable = z.union([
  z.looseObject({ msgtype: z.literal("text"), text: content }),
  z.looseObject({ msgtype: z.literal("markdown"), markdown: content }),
]);

type MarkTexts = Pick<Texts, "delivery" | "duration">;

function markText(texts: MarkTexts, mark: ChunkMark, ageMs: number, text: string): string {
  return mark === "duplicate"
    ? texts.delivery.duplicate({ text })
    : texts.delivery.late({ late: durationText(texts, ageMs), text });
}

/** The request with the mark before its text; undefined when it has no text or no room for it. */
export function markBody(body: string, mark: ChunkMark, ageMs: number, texts: MarkTexts): string | undefined {
  const request = markable.safeParse(parseJson(body));
  if (!request.success) return undefined;
  const { data } = request;
  const inner = data.msgtype === "text" ? data.text : data.markdown;
  const marked = markText(texts, mark, ageMs, inner.content);
  if (Buffer.byteLength(marked) > TEXT_LIMIT_BYTES) return undefined;
  return JSON.stringify({ ...data, [data.msgtype]: { ...inner, content: marked } });
}

const LONGEST_AGE_MS = 99 * 24 * 3600 * 1000 + 23 * 3600 * 1000;

/** Room that a plan leaves in every chunk, so that the marks of the app's policy fit in later. Both may come together. */
export function markRoomBytes(
  texts: MarkTexts,
  { unknownOutcome, late }: Pick<ReplyOptions, "unknownOutcome" | "late">,
): number {
  const room = (mark: ChunkMark) => Buffer.byteLength(markText(texts, mark, LONGEST_AGE_MS, ""));
  return (
    (unknownOutcome === "resend-marked" ? room("duplicate") : 0) + (late === "send-marked" ? room("late") : 0)
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
