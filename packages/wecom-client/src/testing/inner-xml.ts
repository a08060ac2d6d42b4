/** Element names and their content. An array repeats the element. */
export interface XmlFields {
  readonly [name: string]: XmlFieldValue | readonly XmlFieldValue[] | undefined;
}
type XmlFieldValue = string | number | bigint | XmlFields;

interface InnerXmlBase {
  readonly corpId: string;
  /** "" or left out for events that belong to no app. */
  readonly agentId?: string;
  readonly userId: string;
  /** Epoch seconds; the current time when left out. */
  readonly createTime?: number;
}
export interface MessageXml extends InnerXmlBase {
  readonly msgType: string;
  readonly msgId: string;
  readonly fields?: XmlFields;
}
export interface TextMessageXml extends InnerXmlBase {
  readonly msgId: string;
  readonly content: string;
}
export interface EventXml extends InnerXmlBase {
  readonly event: string;
  readonly fields?: XmlFields;
}

/** Any message a user can send, in the form that WeCom encrypts (WeCom doc 90239). */
export function messageXml(input: MessageXml): string {
  return document(input, input.msgType, { ...input.fields, MsgId: messageId(input.msgId) });
}

export function textMessageXml(input: TextMessageXml): string {
  return messageXml({ ...input, msgType: "text", fields: { Content: input.content } });
}

/** Any event; `fields` holds what it adds to the common fields (WeCom doc 90240). */
export function eventXml(input: EventXml): string {
  return document(input, "event", { Event: input.event, ...input.fields });
}

/** Text as CDATA; a "]]>" in it is split over two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** Elements in order: strings as CDATA, numbers bare, as WeCom writes them. */
export function xmlElements(fields: XmlFields): string {
  return Object.entries(fields).map(repeatedElement).join("");
}

function document(input: InnerXmlBase, msgType: string, fields: XmlFields): string {
  const common: XmlFields = {
    ToUserName: input.corpId,
    FromUserName: input.userId,
    CreateTime: input.createTime ?? Math.floor(Date.now() / 1000),
    MsgType: msgType,
  };
  const agent: XmlFields = input.agentId ? { AgentID: input.agentId } : {};
  return `<xml>${xmlElements({ ...common, ...fields, ...agent })}</xml>`;
}

/** Ids are too long for a number; WeCom writes them bare, as digits. */
function messageId(msgId: string): bigint | string {
  return /^[1-9]\d*$/.test(msgId) ? BigInt(msgId) : msgId;
}

function repeatedElement([name, value]: [string, XmlFields[string]]): string {
  if (value === undefined) return "";
  const values: readonly XmlFieldValue[] = Array.isArray(value) ? value : [value];
  return values.map((one) => `<${name}>${elementContent(one)}</${name}>`).join("");
}

function elementContent(value: XmlFieldValue): string {
  if (typeof value === "string") return cdata(value);
  return typeof value === "object" ? xmlElements(value) : String(value);
}
