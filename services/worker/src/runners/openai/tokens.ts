import type { ModelMessage } from "ai";

/** On the safe side for English (4 or more) and about right for Chinese (one character of 3 bytes a token). */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_IMAGE = 1500;
const TOKENS_PER_MESSAGE = 8;

/** An estimate: endpoints do not say how they count before they have. */
export function countTokens(value: ModelMessage | readonly ModelMessage[] | string): number {
  if (typeof value === "string") return Math.ceil(Buffer.byteLength(value) / BYTES_PER_TOKEN);
  if (isList(value)) return value.reduce((sum, message) => sum + countTokens(message), 0);
  if (typeof value.content === "string") return TOKENS_PER_MESSAGE + countTokens(value.content);
  return value.content.reduce((sum, part) => sum + countPart(part), TOKENS_PER_MESSAGE);
}

function isList(value: ModelMessage | readonly ModelMessage[]): value is readonly ModelMessage[] {
  return Array.isArray(value);
}

function countPart(part: { readonly type: string }): number {
  return part.type === "image" || part.type === "file" ? TOKENS_PER_IMAGE : countTokens(JSON.stringify(part));
}
