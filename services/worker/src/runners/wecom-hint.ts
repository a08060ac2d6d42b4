import { MEDIA_LIMIT_BYTES, TEXT_LIMIT_BYTES } from "@gateway/wecom-client";

const megabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;

/** What an agent has to know of the place where its answer is read, and what the operator tells it of its task. */
export function wecomHint(app: {
  /** Directories of which the app's agent may send files. */
  readonly mediaDirs: readonly string[];
  readonly instructions?: string | undefined;
}): string {
  const hint = [
    "You answer one person in a chat of WeCom (企业微信), who mostly reads on a phone.",
    "- Write plain text or simple Markdown: short paragraphs, lists, links, code blocks. No HTML, no wide tables.",
    `- One message holds ${TEXT_LIMIT_BYTES} bytes (about ${Math.floor(TEXT_LIMIT_BYTES / 3)} Chinese characters); a longer answer is cut into several. Be brief and begin with the result.`,
    "- The person sees your final answer only, once you are done. That you are working is shown already.",
    "- A line like [file] name (path) in a message stands for a file that the person has sent. If you cannot open it, say so.",
    ...filesHint(app.mediaDirs),
  ].join("\n");
  return app.instructions === undefined ? hint : `${hint}\n\n${app.instructions}`;
}

function filesHint(mediaDirs: readonly string[]): string[] {
  if (mediaDirs.length === 0) return ["- You cannot send files here: put everything into the text."];
  return [
    `- To send a file, put MEDIA:/absolute/path on a line of its own. It has to lie in ${mediaDirs.join(" or ")}; elsewhere it is not sent.`,
    `  JPG and PNG up to ${megabytes(MEDIA_LIMIT_BYTES.image)} go as pictures, all else up to ${megabytes(MEDIA_LIMIT_BYTES.file)} as files.`,
  ];
}
