import type { AesKey } from "./aes-key.ts";
import { decodeAesKey } from "./aes-key.ts";
import { CallbackError } from "./errors.ts";

/** One key set as the WeCom console shows it ("接收消息 → 设置API接收"). */
export interface CallbackKeys {
  readonly token: string;
  readonly encodingAesKey: string;
}

/** A key set checked and decoded once, at start-up. */
export interface PreparedKeys {
  readonly token: string;
  readonly aesKey: AesKey;
}

const TOKEN = /^[A-Za-z0-9]{1,32}$/;

/**
 * Checks a key set and decodes its AES key (WeCom doc 90930).
 *
 * @throws CallbackError `token_invalid` or `aes_key_invalid`; neither quotes the value.
 */
export function prepareKeys(keys: CallbackKeys): PreparedKeys {
  if (!TOKEN.test(keys.token)) {
    throw new CallbackError("token_invalid", `found ${keys.token.length} characters`);
  }
  return { token: keys.token, aesKey: decodeAesKey(keys.encodingAesKey) };
}
