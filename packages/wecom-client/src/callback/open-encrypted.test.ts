import { describe, expect, it } from "@jest/globals";
import { generateCallbackKeys, sealEchostr } from "../testing/index.ts";
import type { CallbackKeys } from "./keys.ts";
import { prepareKeys } from "./keys.ts";
import { openEncrypted } from "./open-encrypted.ts";

const oldKeys = generateCallbackKeys();
const newKeys = generateCallbackKeys();
const both = [prepareKeys(newKeys), prepareKeys(oldKeys)];

function requestSealedWith(keys: CallbackKeys, receiveId = "wwcorp") {
  const { query } = sealEchostr({ keys, corpId: receiveId, echostr: "12345" });
  const { msg_signature: msgSignature, timestamp, nonce, echostr: encrypted } = query;
  return { msgSignature, timestamp, nonce, encrypted, receiveId: "wwcorp" };
}

function failingWith(code: string) {
  return expect.objectContaining({ name: "CallbackError", code, retryable: false });
}

describe("openEncrypted during a rotation", () => {
  it("opens with either key set and says which", () => {
    expect(openEncrypted(both, requestSealedWith(newKeys)).keySetIndex).toBe(0);
    const opened = openEncrypted(both, requestSealedWith(oldKeys));
    expect([opened.plaintext.toString(), opened.keySetIndex]).toEqual(["12345", 1]);
  });

  it("opens when only the AES key was changed and both sets share the token", () => {
    const sameToken = { ...newKeys, token: oldKeys.token };
    const opened = openEncrypted([prepareKeys(sameToken), prepareKeys(oldKeys)], requestSealedWith(oldKeys));
    expect(opened.keySetIndex).toBe(1);
  });

  it("refuses a third key set", () => {
    const request = requestSealedWith(generateCallbackKeys());
    expect(() => openEncrypted(both, request)).toThrow(failingWith("signature_invalid"));
    expect(() => openEncrypted([], request)).toThrow(failingWith("signature_invalid"));
  });

  it("refuses another corp's message, also with the shared token", () => {
    const request = requestSealedWith(oldKeys, "wwother");
    const sameToken = prepareKeys({ ...newKeys, token: oldKeys.token });
    const oldSet = prepareKeys(oldKeys);
    expect(() => openEncrypted(both, request)).toThrow(failingWith("receive_id_mismatch"));
    expect(() => openEncrypted([oldSet, sameToken], request)).toThrow(failingWith("receive_id_mismatch"));
    expect(() => openEncrypted([sameToken, oldSet], request)).toThrow(failingWith("receive_id_mismatch"));
  });

  it("does not accept an empty receive id for a corp's", () => {
    const request = requestSealedWith(oldKeys, "");
    expect(() => openEncrypted(both, request)).toThrow(failingWith("receive_id_mismatch"));
  });

  it("does not decrypt what is not signed", () => {
    const request = { ...requestSealedWith(oldKeys), encrypted: "not even base64" };
    expect(() => openEncrypted(both, request)).toThrow(failingWith("signature_invalid"));
  });
});
