import type { ReplyFormat } from "@gateway/message-text";
import { chunkText, cleanText, formatReply } from "@gateway/message-text";
import { MEDIA_LIMIT_BYTES } from "@gateway/wecom-client";
import type { PlannedFile, PrepareDeps } from "./prepare-files.ts";
import { planUpload } from "./prepare-files.ts";

/** The beginning that is shown; whole paragraphs as long as they fit. */
const SUMMARY_LIMIT_BYTES = 900;

/**
 * A text that is too long for messages, as one file: as a plain text where the app's replies are text, else as the Markdown
 * that the agent wrote. Undefined when it is not uploaded at once; the text then goes in messages, which is slow but sure.
 */
export async function wholeAsFile(
  text: string,
  format: ReplyFormat,
  deps: PrepareDeps,
): Promise<{ readonly summary: string; readonly file: PlannedFile } | undefined> {
  const { delivery } = deps.texts;
  const extension = format === "text" ? "txt" : "md";
  const content = Buffer.from(format === "text" ? formatReply(text, format).content : cleanText(text));
  if (content.length > MEDIA_LIMIT_BYTES.file) return undefined;
  try {
    const { id: spoolId, sizeBytes } = await deps.spool.add([content]);
    const filename = `${delivery.fullTextName}.${extension}`;
    const file = await planUpload({ spoolId, type: "file", filename, sizeBytes }, deps);
    if (file?.mediaId === undefined) return undefined;
    return { summary: `${summaryOf(text)}\n\n${delivery.fullTextFollows}`, file };
  } catch (error) {
    deps.logger.warn({ err: error }, "a long reply could not be made a file");
    return undefined;
  }
}

function summaryOf(text: string): string {
  const cleaned = cleanText(text);
  const [first = ""] = chunkText(cleaned, SUMMARY_LIMIT_BYTES);
  const lastBreak = first.lastIndexOf("\n\n");
  const paragraphs = lastBreak > 0 && first.length < cleaned.length ? first.slice(0, lastBreak) : first;
  return closeFence(paragraphs.trimEnd());
}

/** A code block that is cut open would swallow what follows. */
function closeFence(text: string): string {
  const fences = text.match(/^[ \t]{0,3}(?:`{3,}|~{3,})/gm) ?? [];
  return fences.length % 2 === 0 ? text : `${text}\n${fences.at(-1)?.trim() ?? ""}`;
}
