import { hash, timingSafeEqual } from "node:crypto";

/** What WeCom signs: the token and three query or body values (WeCom doc 91144). */
export interface SignedValues {
  readonly token: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** The base64 text of `Encrypt`, or of `echostr` after URL decoding. */
  readonly encrypted: string;
}

const SHA1_HEX = /^[0-9a-f]{40}$/;

/** `msg_signature`: SHA-1 over the four values sorted by byte and joined, in lower-case hex. */
export function computeSignature({ token, timestamp, nonce, encrypted }: SignedValues): string {
  // The default order is by UTF-16 unit, which for the ASCII that WeCom sends is the order by byte.
  return hash("sha1", [token, timestamp, nonce, encrypted].sort().join(""), "hex");
}

/**
 * Whether `signature` belongs to the values. Compares in constant time and never throws: a signature of the
 * wrong length, with other characters, or that is no string at all is simply not valid.
 */
export function isSignatureValid(input: SignedValues & { readonly signature: string }): boolean {
  if (typeof input.signature !== "string" || !SHA1_HEX.test(input.signature)) return false;
  return timingSafeEqual(Buffer.from(computeSignature(input)), Buffer.from(input.signature));
}
