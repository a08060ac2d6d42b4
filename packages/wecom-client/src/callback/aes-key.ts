import type { KeyObject } from "node:crypto";
import { createSecretKey } from "node:crypto";
import { CallbackError } from "./errors.ts";

const IV_BYTES = 16;
const ENCODING_AES_KEY = /^[A-Za-z0-9]{43}$/;

/** Made ready once: a cipher that is given plain bytes prepares them for every message anew. */
export interface AesKey {
  /** 32 bytes, which no log and no error shows. */
  readonly secret: KeyObject;
  /** The first half of the key (WeCom doc 91144). */
  readonly iv: Buffer;
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
  return { secret: createSecretKey(bytes), iv: bytes.subarray(0, IV_BYTES) };
}
