export { chunkText, TEXT_LIMIT_BYTES } from "./chunk.ts";
export { chunkReply } from "./chunk-reply.ts";
export { cleanText } from "./clean-text.ts";
export { type FormattedReply, formatReply, type ReplyFormat } from "./format-reply.ts";
export { isBlank } from "./is-blank.ts";
