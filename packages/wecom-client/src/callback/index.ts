export { decodeAesKey } from "./aes-key.ts";
export type { Decrypted } from "./crypto.ts";
export { decrypt, encrypt } from "./crypto.ts";
export type { Envelope } from "./envelope.ts";
export { parseEnvelope } from "./envelope.ts";
export type { CallbackErrorCode } from "./errors.ts";
export { CallbackError } from "./errors.ts";
export type { CallbackKeys, PreparedKeys } from "./keys.ts";
export { prepareKeys } from "./keys.ts";
export { parseMessage } from "./message.ts";
export type { EncryptedRequest, OpenedRequest } from "./open-encrypted.ts";
export { openEncrypted, openSigned } from "./open-encrypted.ts";
export type { SignedValues } from "./signature.ts";
export { computeSignature, isSignatureValid } from "./signature.ts";
export type {
  CallbackCommon,
  CallbackEvent,
  CallbackEventName,
  CallbackMessage,
  CallbackMessageKind,
  CallbackUserMessage,
  UnsupportedCallback,
} from "./types.ts";
