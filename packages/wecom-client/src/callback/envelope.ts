import { CallbackError } from "./errors.ts";
import { parseXml } from "./xml.ts";
import { token } from "./xml-fields.ts";

/** The outer XML of a callback. Nothing in it can be trusted before the signature over `encrypted` holds. */
export interface Envelope {
  /** The CorpID that the callback claims to be for; "" when the element is absent. */
  readonly toUserName: string;
  /** The app's id; "" for callbacks that belong to no app. */
  readonly agentId: string;
  /** Base64 text, as it was signed. */
  readonly encrypted: string;
}

/** Anybody can send an envelope, so its limits are tight. A real one is four elements, mostly CDATA. */
const ENVELOPE_LIMITS = {
  limitBytes: 64 * 1024,
  limitDepth: 4,
  limitElements: 32,
  limitPlainChars: 8 * 1024,
} as const;
const LIMIT_ID_CHARS = 128;

/**
 * Reads the body of a callback POST (WeCom doc 90930). Element order and white space are free; elements that
 * we do not know are ignored.
 *
 * @throws CallbackError `envelope_invalid`, or what is wrong with the XML
 */
export function parseEnvelope(body: Buffer): Envelope {
  if (body.length === 0) throw new CallbackError("envelope_invalid", "the body is empty");
  const xml = parseXml(body, ENVELOPE_LIMITS);
  const encrypted = token(xml, "Encrypt");
  if (encrypted === undefined) throw new CallbackError("envelope_invalid", "Encrypt is missing or repeated");
  const toUserName = token(xml, "ToUserName") ?? "";
  const agentId = token(xml, "AgentID") ?? "";
  if (toUserName.length > LIMIT_ID_CHARS || agentId.length > LIMIT_ID_CHARS) {
    throw new CallbackError("envelope_invalid", "an id is too long");
  }
  return { toUserName, agentId, encrypted };
}
