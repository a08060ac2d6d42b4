import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { typedWord } from "./typed-word.ts";

/** Any UTF-16, also what is no text. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

describe("the first word behind a command", () => {
  it.each([
    ["#AB23", "#AB23"],
    ["＃ａｂ２３", "#ab23"],
    ["  AB23 now", "AB23"],
    ["\u3000ＡＢ２３\u3000", "AB23"],
    ["", ""],
  ])("of %j is %j", (args, word) => {
    expect(typedWord(args)).toBe(word);
  });

  it("is the same from either keyboard, and has no space, of any text", () => {
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0));
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), anyText(30), (typed, any) => {
        expect(typedWord(wide(typed))).toBe(typedWord(typed));
        expect(typedWord(any)).not.toMatch(/\s/u);
      }),
    );
  });
});
