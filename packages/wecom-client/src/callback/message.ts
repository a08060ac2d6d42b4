import { CallbackError } from "./errors.ts";
import { EVENT_READERS } from "./event-content.ts";
import { MESSAGE_READERS } from "./message-content.ts";
import type {
  CallbackCommon,
  CallbackEvent,
  CallbackEventName,
  CallbackMessage,
  CallbackMessageKind,
  CallbackUserMessage,
} from "./types.ts";
import type { XmlElement } from "./xml.ts";
import { parseXml } from "./xml.ts";
import { defined, token } from "./xml-fields.ts";

/** Signed by WeCom, so the limits are only a backstop. An envelope of 64 KiB, the most that is taken, holds 48 KiB of it. */
const MESSAGE_LIMITS = {
  limitBytes: 256 * 1024,
  limitDepth: 32,
  limitElements: 8192,
  limitPlainChars: 256 * 1024,
} as const;

const EPOCH_SECONDS = /^\d{1,12}$/;

/**
 * Reads the decrypted XML of a message or event (WeCom docs 90239, 90240).
 *
 * A new type, a new event or a known one in a new shape is never an error: it comes back as `unsupported`
 * with everything that was sent.
 *
 * @throws CallbackError `message_invalid` without sender, time or type; else what is wrong with the XML
 */
export function parseMessage(plaintext: Buffer): CallbackMessage {
  const xml = parseXml(plaintext, MESSAGE_LIMITS);
  const msgType = required(xml, "MsgType").toLowerCase();
  const common = readCommon(xml);
  if (msgType === "event") return parseEvent(common, xml);

  const msgId = token(xml, "MsgId");
  const message = msgId === undefined ? common : { ...common, msgId };
  const content = isMessageKind(msgType) ? MESSAGE_READERS[msgType](xml) : undefined;
  if (content === undefined) return { ...message, kind: "unsupported", msgType, raw: xml };
  return { ...message, kind: msgType, ...content } as CallbackUserMessage;
}

function parseEvent(common: CallbackCommon, xml: XmlElement): CallbackMessage {
  // Pushes spell the same event LOCATION, CLICK or click.
  const event = token(xml, "Event")?.toLowerCase();
  const content = isEventName(event) ? EVENT_READERS[event](xml) : undefined;
  if (content === undefined) {
    return defined({ ...common, kind: "unsupported" as const, msgType: "event", event, raw: xml });
  }
  return { ...common, kind: "event", event, ...content } as CallbackEvent;
}

function readCommon(xml: XmlElement): CallbackCommon {
  const createTime = required(xml, "CreateTime");
  if (!EPOCH_SECONDS.test(createTime)) {
    throw new CallbackError("message_invalid", "CreateTime is not in epoch seconds");
  }
  return {
    toUserName: required(xml, "ToUserName"),
    fromUserName: required(xml, "FromUserName"),
    createTime: Number(createTime),
    agentId: token(xml, "AgentID") ?? "",
  };
}

function required(xml: XmlElement, name: string): string {
  const value = token(xml, name);
  if (value === undefined) throw new CallbackError("message_invalid", `${name} is missing or repeated`);
  return value;
}

// Own keys only: an event called "constructor" must not find one.
function isMessageKind(name: string): name is CallbackMessageKind {
  return Object.hasOwn(MESSAGE_READERS, name);
}

function isEventName(name: string | undefined): name is CallbackEventName {
  return name !== undefined && Object.hasOwn(EVENT_READERS, name);
}
