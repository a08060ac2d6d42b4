import { eastAsianWidth } from "get-east-asian-width";
import { splitGraphemes } from "./graphemes.ts";

/** Columns that a line takes: two for a 汉字 or an emoji, one for a Latin letter. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const segment of splitGraphemes(text)) {
    width += /\p{Emoji_Presentation}|\ufe0f/u.test(segment)
      ? 2
      : eastAsianWidth(segment.codePointAt(0) ?? 0x20);
  }
  return width;
}
