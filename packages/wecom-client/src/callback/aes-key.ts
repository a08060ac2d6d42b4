import { CallbackError } from "./errors.ts";

const ENCODING_AES_KEY = /^[A-Za-z0-9]{43}$/;

/**
 * The 32-byte AES key behind an EncodingAESKey (WeCom docs 90930, 91144).
 *
 * 43 base64 characters carry 258 bits. The two surplus bits are ignored rather than required to be zero:
 * many real keys, WeCom's own sample among them, have them set.
 *
 * @throws CallbackError `aes_key_invalid` for anything but 43 letters and digits.
 */
export function decodeAesKey(encodingAesKey: string): Buffer {
  if (!ENCODING_AES_KEY.test(encodingAesKey)) {
    throw new CallbackError("aes_key_invalid", `found ${encodingAesKey.length} characters`);
  }
  return Buffer.from(encodingAesKey, "base64");
}
