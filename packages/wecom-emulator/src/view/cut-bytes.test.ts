import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cutBytes } from "./cut-bytes.ts";

describe("cutBytes", () => {
  it("leaves text alone that fits exactly", () => {
    expect(cutBytes("汉".repeat(682), 2046)).toBe("汉".repeat(682));
  });

  it("drops the code point that the cut goes through", () => {
    expect(cutBytes(`${"a".repeat(2047)}汉`, 2048)).toBe("a".repeat(2047));
    expect(cutBytes("😀😀", 7)).toBe("😀");
  });

  it("keeps a prefix, loses less than one code point of room and never breaks one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(64), (text, limit) => {
        const whole = Buffer.from(text).toString("utf8");
        const kept = cutBytes(whole, limit);
        expect(whole.startsWith(kept)).toBe(true);
        expect(kept.isWellFormed()).toBe(true);
        const bytes = Buffer.byteLength(kept);
        expect(bytes).toBeLessThanOrEqual(limit);
        if (kept !== whole) expect(bytes).toBeGreaterThan(limit - 4);
      }),
    );
  });
});
