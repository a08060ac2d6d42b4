import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodeAesKey } from "./aes-key.ts";
import { decrypt, encrypt } from "./crypto.ts";
import { CallbackError } from "./errors.ts";

const aesKey = decodeAesKey("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
const random16 = Buffer.from("0123456789abcdef");

/** Encrypts bytes as they are, to build what WeCom would never send. */
function cipherOf(padded: Buffer): string {
  const cipher = createCipheriv("aes-256-cbc", aesKey.secret, aesKey.iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
}

function content(message: string, statedLength = Buffer.byteLength(message), receiveId = "ww1"): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(statedLength);
  return Buffer.concat([random16, length, Buffer.from(message), Buffer.from(receiveId)]);
}

function codeOf(encrypted: string): string {
  try {
    decrypt(aesKey, encrypted);
  } catch (error) {
    if (error instanceof CallbackError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("seal and open", () => {
  it("returns any text and receive id", () => {
    const anyText = fc.string({ unit: "grapheme", maxLength: 300 });
    const randomBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(anyText, fc.string({ maxLength: 40 }), randomBytes, (message, receiveId, random) => {
        const sealed = encrypt(aesKey, { plaintext: message, receiveId, random16: Buffer.from(random) });
        const opened = decrypt(aesKey, sealed);
        expect(opened.plaintext.toString("utf8")).toBe(message);
        expect(opened.receiveId).toBe(receiveId);
      }),
    );
  });

  it("returns any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const sealed = encrypt(aesKey, { plaintext: Buffer.from(bytes), receiveId: "ww1", random16 });
        expect(decrypt(aesKey, sealed)).toEqual({ plaintext: Buffer.from(bytes), receiveId: "ww1" });
      }),
    );
  });

  it("works at each of the 32 padding lengths", () => {
    for (let length = 0; length < 32; length += 1) {
      const plaintext = Buffer.alloc(length, "x");
      const sealed = encrypt(aesKey, { plaintext, receiveId: "ww1", random16 });
      expect(Buffer.from(sealed, "base64").length % 32).toBe(0);
      expect(decrypt(aesKey, sealed).plaintext).toEqual(plaintext);
    }
  });

  it("opens any messages in any order with one key, also after some that cannot be opened", () => {
    const any = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 100 }).map((plaintext) => ({
        encrypted: encrypt(aesKey, { plaintext, receiveId: "ww1", random16 }),
        plaintext,
      })),
      fc
        .uint8Array({ maxLength: 100 })
        .map((bytes) => ({ encrypted: Buffer.from(bytes).toString("base64") })),
      fc.string({ maxLength: 50 }).map((encrypted) => ({ encrypted })),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (messages) => {
        const fresh = decodeAesKey("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
        for (const message of messages) {
          if ("plaintext" in message)
            expect(decrypt(fresh, message.encrypted).plaintext.toString()).toBe(message.plaintext);
          else expect(() => decrypt(fresh, message.encrypted)).toThrow(CallbackError);
        }
      }),
    );
  });

  it("counts bytes, not characters", () => {
    const sealed = encrypt(aesKey, { plaintext: "你好🙂", receiveId: "ww1", random16 });
    expect(decrypt(aesKey, sealed)).toEqual({ plaintext: Buffer.from("你好🙂"), receiveId: "ww1" });
  });

  it("wants 16 random bytes", () => {
    const seal = () => encrypt(aesKey, { plaintext: "", receiveId: "", random16: Buffer.alloc(15) });
    expect(seal).toThrow(RangeError);
  });
});

describe("padding", () => {
  // 16 + 4 + 9 + 3 bytes: one whole block of 32, so that any padding can follow.
  const block = content("123456789");

  it.each([0, 33, 64, 255])("refuses a pad byte of %d", (padByte) => {
    expect(codeOf(cipherOf(Buffer.concat([block, Buffer.alloc(32, padByte)])))).toBe("padding_invalid");
  });

  it.each([33, 48, 64])("refuses a whole pad of %d", (padLength) => {
    const kept = 96 - padLength;
    const bytes = Buffer.concat([
      content("x".repeat(40)).subarray(0, kept),
      Buffer.alloc(padLength, padLength),
    ]);
    expect(codeOf(cipherOf(bytes))).toBe("padding_invalid");
  });

  it("refuses a pad longer than the content", () => {
    expect(codeOf(cipherOf(Buffer.alloc(16, 17)))).toBe("padding_invalid");
  });

  it("checks every byte of the pad", () => {
    for (let index = 0; index < 32; index += 1) {
      const pad = Buffer.alloc(32, 32);
      pad[index] = 31;
      // A last byte of 31 announces a pad of 31, which the 32s before it belie.
      expect(codeOf(cipherOf(Buffer.concat([block, pad])))).toBe("padding_invalid");
    }
  });
});

describe("length field", () => {
  function padded(bytes: Buffer): Buffer {
    const padLength = 32 - (bytes.length % 32);
    return Buffer.concat([bytes, Buffer.alloc(padLength, padLength)]);
  }

  it("may use up all that follows", () => {
    const { plaintext, receiveId } = decrypt(aesKey, cipherOf(padded(content("hello", 8))));
    expect([plaintext.toString(), receiveId]).toEqual(["helloww1", ""]);
  });

  it.each([9, 0x7fffffff, 0xffffffff])("refuses %d for 8 bytes", (statedLength) => {
    expect(codeOf(cipherOf(padded(content("hello", statedLength))))).toBe("length_invalid");
  });

  it("refuses content that ends inside the header", () => {
    for (let length = 0; length < 20; length += 1) {
      expect(codeOf(cipherOf(padded(Buffer.alloc(length))))).toBe("length_invalid");
    }
  });
});

describe("ciphertext", () => {
  const sealed = encrypt(aesKey, { plaintext: "hello", receiveId: "ww1", random16 });

  it.each([
    ["empty", ""],
    ["without its padding", sealed.replace(/=+$/, "")],
    ["base64url", sealed.replace(/[A-Z]/, "-")],
    ["with a line break", `${sealed.slice(0, 4)}\n${sealed.slice(4)}`],
    ["with a space for a plus", ` ${sealed.slice(1)}`],
    ["with padding in the middle", `QQ==${sealed}`],
    ["nothing but padding", "===="],
    ["of part of a block", Buffer.alloc(24).toString("base64")],
  ])("is refused: %s", (_name, encrypted) => {
    expect(codeOf(encrypted)).toBe("ciphertext_invalid");
  });

  it("of random blocks gives a CallbackError and nothing else", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.infiniteStream(fc.nat(255)), (blocks, stream) => {
        const bytes = Buffer.from([...stream.take(blocks * 16)]);
        expect(codeOf(bytes.toString("base64"))).not.toBe("accepted");
      }),
    );
  });

  it("of random text gives a CallbackError and nothing else", () => {
    fc.assert(fc.property(fc.string(), (text) => expect(codeOf(text)).toBe("ciphertext_invalid")));
  });

  it("needs the right key", () => {
    const otherKey = decodeAesKey("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C");
    expect(() => decrypt(otherKey, sealed)).toThrow(CallbackError);
  });
});
