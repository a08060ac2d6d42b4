import type { KeyObject } from "node:crypto";
import { createDecipheriv, createSecretKey } from "node:crypto";
import { CallbackError } from "./errors.ts";

/** As long as a block. */
export const IV_BYTES = 16;
const ENCODING_AES_KEY = /^[A-Za-z0-9]{43}$/;

/** Made ready once: a cipher that is given plain bytes prepares them for every message anew. */
export interface AesKey {
  /** 32 bytes, which no log and no error shows. */
  readonly secret: KeyObject;
  /** The first half of the key (WeCom doc 91144). */
  readonly iv: Buffer;
  /** What is in whole blocks of ciphertext, without padding taken off. `sealed`: the IV, and then the blocks. */
  decipher(sealed: Buffer): Buffer;
}

/**
 * The 32-byte AES key behind an EncodingAESKey (WeCom docs 90930, 91144).
 *
 * 43 base64 characters carry 258 bits. The two surplus bits are ignored rather than required to be zero:
 * many real keys, WeCom's own sample among them, have them set.
 *
 * @throws CallbackError `aes_key_invalid` for anything but 43 letters and digits.
 */
export function decodeAesKey(encodingAesKey: string): AesKey {
  if (!ENCODING_AES_KEY.test(encodingAesKey)) {
    throw new CallbackError("aes_key_invalid", `found ${encodingAesKey.length} characters`);
  }
  const bytes = Buffer.from(encodingAesKey, "base64");
  const secret = createSecretKey(bytes);
  const iv = bytes.subarray(0, IV_BYTES);
  return { secret, iv, decipher: createDecipher(secret, iv) };
}

/**
 * One decipher for all messages of a key; to make one costs more than to decrypt a message. Of what came before CBC knows
 * only the last block of ciphertext, which is the IV when each message has it in front, and one block more comes out.
 * Without padding every block comes out at once; `final`, which would end it, has nothing to give.
 */
function createDecipher(secret: KeyObject, iv: Buffer): AesKey["decipher"] {
  const decipher = createDecipheriv("aes-256-cbc", secret, iv).setAutoPadding(false);
  return (sealed) => decipher.update(sealed).subarray(IV_BYTES);
}
