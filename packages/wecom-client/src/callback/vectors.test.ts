import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import {
  CallbackError,
  computeSignature,
  decodeAesKey,
  decrypt,
  encrypt,
  isSignatureValid,
  openEncrypted,
  parseEnvelope,
  parseMessage,
  prepareKeys,
} from "./index.ts";

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly token: string;
  readonly aesKey: string;
  readonly receiveId: string;
  readonly msgSignature: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly encrypt: string;
  readonly body?: string;
  readonly query?: string;
  readonly random16?: string;
  readonly expectedPlaintext: string;
  readonly rejectReason?: string;
}

const fixture = new URL("../../../../test/fixtures/callback-vectors.json", import.meta.url);
const vectors: readonly Vector[] = JSON.parse(readFileSync(fixture, "utf8"));

function ofKind(kind: string): [string, Vector][] {
  return vectors.filter((vector) => vector.kind === kind).map((vector) => [vector.id, vector]);
}

function open(vector: Vector): string {
  const request = { ...vector, encrypted: vector.encrypt };
  const keys = prepareKeys({ token: vector.token, encodingAesKey: vector.aesKey });
  return openEncrypted([keys], request).plaintext.toString("utf8");
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CallbackError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("published callback vectors", () => {
  it("holds every kind that is tested below, and no other", () => {
    expect([...new Set(vectors.map((vector) => vector.kind))].sort()).toEqual([
      "encrypt-deterministic",
      "message",
      "negative-key",
      "negative-plaintext",
      "negative-receiveid",
      "negative-signature",
      "url-verify",
    ]);
  });

  it.each(ofKind("url-verify"))("%s: echostr opens to the text to answer", (_id, vector) => {
    expect(open(vector)).toBe(vector.expectedPlaintext);
    if (vector.query !== undefined) {
      const query = new URLSearchParams(vector.query);
      expect(query.get("echostr")).toBe(vector.encrypt);
      expect(query.get("msg_signature")).toBe(vector.msgSignature);
    }
  });

  it.each(ofKind("message"))("%s: envelope, signature, plaintext and message", (_id, vector) => {
    const envelope = parseEnvelope(Buffer.from(vector.body ?? ""));
    expect(envelope.encrypted).toBe(vector.encrypt);
    expect(open(vector)).toBe(vector.expectedPlaintext);
    const message = parseMessage(Buffer.from(vector.expectedPlaintext));
    expect(message.kind).toBe("text");
    expect(message.toUserName).toBe(envelope.toUserName);
  });

  it.each(ofKind("encrypt-deterministic"))("%s: the same ciphertext, signature and back", (_id, vector) => {
    const sealed = encrypt(decodeAesKey(vector.aesKey), {
      plaintext: vector.expectedPlaintext,
      receiveId: vector.receiveId,
      random16: Buffer.from(vector.random16 ?? "", "latin1"),
    });
    expect(sealed).toBe(vector.encrypt);
    expect(computeSignature({ ...vector, encrypted: sealed })).toBe(vector.msgSignature);
    expect(open(vector)).toBe(vector.expectedPlaintext);
  });

  it.each(ofKind("negative-signature"))("%s: the signature is refused", (_id, vector) => {
    const signed = { ...vector, encrypted: vector.encrypt, signature: vector.msgSignature };
    expect(isSignatureValid(signed)).toBe(false);
    expect(codeOf(() => open(vector))).toBe("signature_invalid");
  });

  it.each(ofKind("negative-receiveid"))("%s: the receive id is refused", (_id, vector) => {
    expect(codeOf(() => open(vector))).toBe("receive_id_mismatch");
  });

  it.each(ofKind("negative-key"))("%s: the key is refused", (_id, vector) => {
    expect(codeOf(() => decodeAesKey(vector.aesKey))).toBe("aes_key_invalid");
    const keys = { token: "token", encodingAesKey: vector.aesKey };
    expect(codeOf(() => prepareKeys(keys))).toBe("aes_key_invalid");
  });

  it.each(ofKind("negative-plaintext"))("%s: signed, but the content is refused", (_id, vector) => {
    const code = vector.rejectReason === "len" ? "length_invalid" : "padding_invalid";
    expect(codeOf(() => decrypt(decodeAesKey(vector.aesKey), vector.encrypt))).toBe(code);
    expect(codeOf(() => open(vector))).toBe(code);
  });
});
