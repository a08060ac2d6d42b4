import { describe, expect, it } from "@jest/globals";
import { newPairingCode, readPairingCode, showPairingCode } from "./pairing-code.ts";

describe("a pairing code", () => {
  it("has 8 characters that cannot be mistaken for each other", () => {
    for (let count = 0; count < 200; count += 1) expect(newPairingCode()).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
  });

  it("is read back as it is shown, and as people retype it", () => {
    const code = newPairingCode();
    const shown = showPairingCode(code);
    expect(shown).toMatch(/^.{4}-.{4}$/);
    const fullWidth = [...code].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join("");
    for (const typed of [code, shown, ` ${shown.toLowerCase()} `, shown.replace("-", " – "), fullWidth]) {
      expect(readPairingCode(typed)).toBe(code);
    }
  });

  it.each(["", "K7QM", "K7QM-3XPAA", "K0QM-3XPA", "approve", "K7QM3XP\u0000", "x".repeat(100_000)])(
    "is not %j",
    (typed) => {
      expect(readPairingCode(typed)).toBeUndefined();
    },
  );
});
