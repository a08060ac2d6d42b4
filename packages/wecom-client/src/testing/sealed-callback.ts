import { randomBytes, randomInt } from "node:crypto";
import { decodeAesKey } from "../callback/aes-key.ts";
import { encrypt } from "../callback/crypto.ts";
import type { CallbackKeys } from "../callback/keys.ts";
import { computeSignature } from "../callback/signature.ts";
import { xmlElements } from "./inner-xml.ts";

interface SealInput {
  readonly keys: CallbackKeys;
  readonly corpId: string;
  /** Whom the plaintext is addressed to; the corp when left out. */
  readonly receiveId?: string;
  /** Epoch seconds as text; the current time when left out. */
  readonly timestamp?: string;
  /** Random when left out. */
  readonly nonce?: string;
  /** 16 bytes; random when left out. */
  readonly random16?: Buffer;
}
export interface SealCallbackInput extends SealInput {
  readonly agentId: string;
  /** The inner XML, or any bytes to stand in for it. */
  readonly message: string | Buffer;
}
export interface SealEchostrInput extends SealInput {
  /** What WeCom expects to read back. */
  readonly echostr: string;
}
// A type alias, not an interface, so that it can be handed to URLSearchParams.
export type CallbackQuery = {
  readonly msg_signature: string;
  readonly timestamp: string;
  readonly nonce: string;
};
export interface SealedCallback {
  readonly query: CallbackQuery;
  readonly body: string;
}
export interface SealedEchostr {
  readonly query: CallbackQuery & { readonly echostr: string };
}

/** A callback POST as WeCom would send it: encrypted, in its envelope, signed (WeCom doc 90930). */
export function sealCallback(input: SealCallbackInput): SealedCallback {
  const encrypted = seal(input, input.message);
  const fields = xmlElements({ ToUserName: input.corpId, Encrypt: encrypted, AgentID: input.agentId });
  return { query: sign(input, encrypted), body: `<xml>${fields}</xml>` };
}

/** The query of the GET that verifies a callback address. Values are plain; encode them for a URL. */
export function sealEchostr(input: SealEchostrInput): SealedEchostr {
  const encrypted = seal(input, input.echostr);
  return { query: { ...sign(input, encrypted), echostr: encrypted } };
}

const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A fresh token and EncodingAESKey, as the console's "随机获取" gives them. */
export function generateCallbackKeys(): CallbackKeys {
  return { token: randomText(32), encodingAesKey: randomText(43) };
}

function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join("");
}

function seal(input: SealInput, plaintext: string | Buffer): string {
  return encrypt(decodeAesKey(input.keys.encodingAesKey), {
    plaintext,
    receiveId: input.receiveId ?? input.corpId,
    random16: input.random16 ?? randomBytes(16),
  });
}

function sign(input: SealInput, encrypted: string): CallbackQuery {
  const timestamp = input.timestamp ?? String(Math.floor(Date.now() / 1000));
  const nonce = input.nonce ?? String(randomInt(1_000_000_000, 10_000_000_000));
  const signature = computeSignature({ token: input.keys.token, timestamp, nonce, encrypted });
  return { msg_signature: signature, timestamp, nonce };
}
