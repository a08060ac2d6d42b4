import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chunkText, TEXT_LIMIT_BYTES } from "./chunk.ts";

const bytes = (text: string) => Buffer.byteLength(text);

describe("chunkText", () => {
  it("loses nothing, adds nothing, and stays inside the limit in bytes", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 400 });
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 64 }), (input, limitBytes) => {
        const chunks = chunkText(input, limitBytes);
        expect(chunks.join("")).toBe(input);
        for (const chunk of chunks) {
          expect(bytes(chunk)).toBeLessThanOrEqual(limitBytes);
          expect(chunk.isWellFormed()).toBe(true);
          expect(chunk).not.toBe("");
        }
      }),
    );
  });

  it("never cuts an emoji family apart", () => {
    const family = "👩‍👩‍👧‍👦";
    const chunks = chunkText(family.repeat(200), TEXT_LIMIT_BYTES);
    for (const chunk of chunks) expect(chunk.replaceAll(family, "")).toBe("");
  });

  it("keeps 6,000 汉字 whole in as few messages as they need", () => {
    const text = "企".repeat(6000);
    const chunks = chunkText(text, TEXT_LIMIT_BYTES);
    expect(chunks.join("")).toBe(text);
    expect(chunks).toHaveLength(Math.ceil(6000 / Math.floor(TEXT_LIMIT_BYTES / 3)));
  });

  it("prefers a paragraph, then a line, then a sentence, then a word", () => {
    expect(chunkText("aaaa bbbb.\n\ncccc dddd", 16)).toEqual(["aaaa bbbb.\n\n", "cccc dddd"]);
    expect(chunkText("aaaa bbbb.\ncccc dddd", 16)).toEqual(["aaaa bbbb.\n", "cccc dddd"]);
    expect(chunkText("aaaa bbbb. cccc dddd", 16)).toEqual(["aaaa bbbb. ", "cccc dddd"]);
    expect(chunkText("aaaa bbbb cccc dddd", 16)).toEqual(["aaaa bbbb cccc ", "dddd"]);
  });

  it("cuts a word that is longer than a message", () => {
    expect(chunkText("x".repeat(5000), TEXT_LIMIT_BYTES).map(bytes)).toEqual([2048, 2048, 904]);
  });
});
