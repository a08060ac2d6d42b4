import { describe, expect, it } from "@jest/globals";
import { CallbackError } from "./errors.ts";
import { prepareKeys } from "./keys.ts";

const encodingAesKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

describe("prepareKeys", () => {
  it("accepts a key whose surplus bits are set, and gives 32 bytes", () => {
    const { secret, iv } = prepareKeys({ token: "QDG6eK", encodingAesKey }).aesKey;
    expect([secret.symmetricKeySize, iv.length]).toEqual([32, 16]);
  });

  it.each(["$", "=", "+", "/", "-", "_", " ", "é"])("refuses %p in the key", (character) => {
    const wrong = { token: "QDG6eK", encodingAesKey: `${encodingAesKey.slice(0, 42)}${character}` };
    expect(() => prepareKeys(wrong)).toThrow(expect.objectContaining({ code: "aes_key_invalid" }));
  });

  it.each(["", "a".repeat(33), "with space", "签名"])("refuses the token %p", (token) => {
    expect(() => prepareKeys({ token, encodingAesKey })).toThrow(
      expect.objectContaining({ code: "token_invalid" }),
    );
  });

  it("does not repeat the key or the token in its error", () => {
    for (const keys of [
      { token: "QDG6eK", encodingAesKey: `${encodingAesKey}secret` },
      { token: "not a token", encodingAesKey },
    ]) {
      try {
        prepareKeys(keys);
        throw new Error("accepted");
      } catch (error) {
        expect(error).toBeInstanceOf(CallbackError);
        expect(String(error)).not.toMatch(/secret|jWmYm|not a token/);
      }
    }
  });
});
