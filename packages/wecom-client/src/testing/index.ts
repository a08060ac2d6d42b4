export type { EventXml, MessageXml, TextMessageXml, XmlFields } from "./inner-xml.ts";
export { cdata, eventXml, messageXml, textMessageXml, xmlElements } from "./inner-xml.ts";
export type {
  CallbackQuery,
  SealCallbackInput,
  SealEchostrInput,
  SealedCallback,
  SealedEchostr,
} from "./sealed-callback.ts";
export { generateCallbackKeys, sealCallback, sealEchostr } from "./sealed-callback.ts";
