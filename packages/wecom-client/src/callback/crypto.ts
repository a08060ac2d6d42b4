import { createCipheriv } from "node:crypto";
import type { AesKey } from "./aes-key.ts";
import { IV_BYTES } from "./aes-key.ts";
import { CallbackError } from "./errors.ts";

const AES_BLOCK_BYTES = 16;
/** WeCom pads to 32 bytes, twice the AES block, so Node's own unpadding cannot be used (WeCom doc 91144). */
const PADDING_BLOCK_BYTES = 32;
const RANDOM_BYTES = 16;
const HEADER_BYTES = RANDOM_BYTES + 4;

export interface Decrypted {
  /** The message bytes, a view on the decrypted buffer. */
  readonly plaintext: Buffer;
  /** Whom the message is for: the CorpID; a suite id or "" for third-party apps. */
  readonly receiveId: string;
}

/**
 * Opens `Encrypt` or `echostr`: AES-256-CBC, IV = first half of the key, PKCS#7 with a block of 32, and inside
 * it 16 random bytes, a big-endian byte count, the message and the receive id (WeCom doc 91144).
 *
 * Proves nothing about the sender: check the signature before and the receive id after.
 *
 * @throws CallbackError `ciphertext_invalid`, `padding_invalid` or `length_invalid`.
 */
export function decrypt(aesKey: AesKey, encrypted: string): Decrypted {
  const content = unpad(aesKey.decipher(withIv(aesKey.iv, encrypted)));

  if (content.length < HEADER_BYTES) throw new CallbackError("length_invalid");
  const messageEnd = HEADER_BYTES + content.readUInt32BE(RANDOM_BYTES);
  if (messageEnd > content.length) throw new CallbackError("length_invalid");
  return {
    plaintext: content.subarray(HEADER_BYTES, messageEnd),
    receiveId: content.toString("utf8", messageEnd),
  };
}

/**
 * Seals a message as WeCom does. The caller brings the 16 random bytes, so that the same input gives the same
 * output.
 *
 * @throws RangeError when `random16` is not 16 bytes, which is a mistake in the caller.
 */
export function encrypt(
  aesKey: AesKey,
  input: { readonly plaintext: Buffer | string; readonly receiveId: string; readonly random16: Buffer },
): string {
  if (input.random16.length !== RANDOM_BYTES) throw new RangeError("random16 must be 16 bytes");
  const message = typeof input.plaintext === "string" ? Buffer.from(input.plaintext) : input.plaintext;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const padded = pad(Buffer.concat([input.random16, length, message, Buffer.from(input.receiveId)]));

  const cipher = createCipheriv("aes-256-cbc", aesKey.secret, aesKey.iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
}

/** The decoded ciphertext behind the IV. */
function withIv(iv: Buffer, encrypted: string): Buffer {
  const room = Buffer.allocUnsafe(IV_BYTES + Buffer.byteLength(encrypted, "base64"));
  const end = iv.copy(room) + room.write(encrypted, IV_BYTES, "base64");
  // Node's decoder skips what it does not know. What is encoded to the same text again was base64 and nothing else.
  const isBase64 = encrypted !== "" && room.toString("base64", IV_BYTES, end) === encrypted;
  if (!isBase64 || end % AES_BLOCK_BYTES !== 0) throw new CallbackError("ciphertext_invalid");
  return room.subarray(0, end);
}

function pad(content: Buffer): Buffer {
  const padLength = PADDING_BLOCK_BYTES - (content.length % PADDING_BLOCK_BYTES);
  return Buffer.concat([content, Buffer.alloc(padLength, padLength)]);
}

function unpad(padded: Buffer): Buffer {
  const padLength = padded.at(-1) ?? 0;
  if (padLength < 1 || padLength > PADDING_BLOCK_BYTES || padLength > padded.length) {
    throw new CallbackError("padding_invalid");
  }
  const contentLength = padded.length - padLength;
  for (let index = contentLength; index < padded.length; index += 1) {
    if (padded[index] !== padLength) throw new CallbackError("padding_invalid");
  }
  return padded.subarray(0, contentLength);
}
