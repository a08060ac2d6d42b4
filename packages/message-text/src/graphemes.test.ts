import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitGraphemes } from "./graphemes.ts";

describe("splitGraphemes", () => {
  it("cuts where Intl.Segmenter cuts the whole text", () => {
    const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
    const part = fc.constantFrom(
      "a",
      "字",
      "👩‍👩‍👧‍👦",
      "🇨🇳",
      "🇨",
      "e\u0301",
      "\u0301",
      "\u200d",
      "क्ष",
      "각",
      "ᄀ",
      "\r\n",
      "\ud83d",
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 50, maxLength: 300, size: "max" }), (parts) => {
        const text = parts.join("");
        const expected = Array.from(segmenter.segment(text), ({ segment }) => segment);
        expect(splitGraphemes(text)).toEqual(expected);
      }),
    );
  });

  it("cuts so around every character of the basic plane", () => {
    const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
    const pages = Array.from({ length: 0x1000 }, (_, page) => page * 16).filter(
      (first) => first < 0xd800 || first >= 0xe000,
    );
    const differing = pages.filter((first) => {
      const chars = Array.from({ length: 16 }, (_, index) => String.fromCharCode(first + index));
      const text = chars.map((char) => `字${char}${char}a`).join("");
      const expected = Array.from(segmenter.segment(text), ({ segment }) => segment);
      return splitGraphemes(text).join("|") !== expected.join("|");
    });
    expect(differing).toEqual([]);
  });

  it("keeps a grapheme that is longer than any window", () => {
    const zalgo = `e${"\u0301".repeat(5000)}`;
    expect(splitGraphemes(`${zalgo}a`)).toEqual([zalgo, "a"]);
  });
});
