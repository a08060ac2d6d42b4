import { decrypt } from "./crypto.ts";
import { CallbackError } from "./errors.ts";
import type { PreparedKeys } from "./keys.ts";
import { isSignatureValid } from "./signature.ts";

interface SignedRequest {
  readonly msgSignature: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** `Encrypt` from the envelope, or `echostr` after URL decoding. */
  readonly encrypted: string;
}

export interface EncryptedRequest extends SignedRequest {
  /** The CorpID that the message must be addressed to. */
  readonly receiveId: string;
}

export interface OpenedRequest {
  readonly plaintext: Buffer;
  /** Which of the key sets opened it: tells when a retired set is no longer in use. */
  readonly keySetIndex: number;
}

/**
 * Signature, decryption, receive id, in that order, against each key set that is live during a rotation.
 *
 * A rotation may change the AES key and keep the token; then both sets sign alike, and the one that also
 * decrypts is the right one. The age of `timestamp` is the caller's business: nothing here reads a clock.
 *
 * @throws CallbackError `signature_invalid` when no set signed; otherwise why the signing sets failed.
 */
export function openEncrypted(keySets: readonly PreparedKeys[], request: EncryptedRequest): OpenedRequest {
  const opened = openSigned(keySets, request, request.receiveId);
  if (opened === undefined) throw new CallbackError("signature_invalid");
  return opened;
}

/** As openEncrypted; undefined when no set signed. A forgery is no exception: anybody can send any number of them. */
export function openSigned(
  keySets: readonly PreparedKeys[],
  request: SignedRequest,
  receiveId: string,
): OpenedRequest | undefined {
  const { msgSignature: signature, timestamp, nonce, encrypted } = request;
  let failure: CallbackError | undefined;
  for (const [keySetIndex, keys] of keySets.entries()) {
    if (!isSignatureValid({ token: keys.token, timestamp, nonce, encrypted, signature })) continue;
    try {
      return { plaintext: openWith(keys, encrypted, receiveId), keySetIndex };
    } catch (error) {
      if (!(error instanceof CallbackError)) throw error;
      failure = moreTelling(failure, error);
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

function openWith(keys: PreparedKeys, encrypted: string, forWhom: string): Buffer {
  const { plaintext, receiveId } = decrypt(keys.aesKey, encrypted);
  if (receiveId !== forWhom) throw new CallbackError("receive_id_mismatch");
  return plaintext;
}

/** A wrong receive id means that the key was right, which says more than a failure under a wrong key. */
function moreTelling(previous: CallbackError | undefined, next: CallbackError): CallbackError {
  return previous?.code === "receive_id_mismatch" ? previous : next;
}
