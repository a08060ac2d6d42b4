import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cleanText } from "./clean-text.ts";

describe("cleanText", () => {
  it("removes what WeCom refuses and keeps what people wrote", () => {
    expect(cleanText("a\u0000b\u0007c\ud800d\r\ne\tf 👍 \n")).toBe("abc\ufffdd\ne\tf 👍");
  });

  it("removes the colours and links of a terminal whole", () => {
    expect(cleanText("\u001b[1;31mred\u001b[0m \u001b]8;;https://x.cn\u001b\\here\u001b]8;;\u001b\\")).toBe(
      "red here",
    );
  });

  it("keeps the joiners of emoji and the indentation of the first line", () => {
    expect(cleanText("\n \n　　第一段 👩‍👩‍👧‍👦")).toBe("　　第一段 👩‍👩‍👧‍👦");
  });

  it("makes many blank lines one, but not in code", () => {
    expect(cleanText(`a${"\n".repeat(50)}b\n\n\nc`)).toBe("a\n\nb\n\n\nc");
    const code = `\`\`\`\na${"\n".repeat(9)}b\n\`\`\``;
    expect(cleanText(`${code}${"\n".repeat(9)}c`)).toBe(`${code}\n\nc`);
  });

  it("is well formed, free of control characters, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const cleaned = cleanText(text);
        expect(cleaned.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
        expect(cleaned).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
        expect(cleanText(cleaned)).toBe(cleaned);
      }),
    );
  });
});
