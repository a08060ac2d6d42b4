import type { EventContents } from "./event-content.ts";
import type { MessageContents } from "./message-content.ts";

/** What every message and event has. Ids are strings, whatever they look like. */
export interface CallbackCommon {
  /** The CorpID. */
  readonly toUserName: string;
  /** The user id, or `sys` for events of the system. */
  readonly fromUserName: string;
  /** Epoch seconds, by WeCom's clock. */
  readonly createTime: number;
  /** The app's id; "" for events that belong to no app. */
  readonly agentId: string;
}

interface MessageCommon extends CallbackCommon {
  /** Often above 2^53. Missing only if WeCom left it out. */
  readonly msgId?: string;
}

export type CallbackMessageKind = keyof MessageContents;
export type CallbackEventName = keyof EventContents;

/** One of the messages a user can send, discriminated on `kind`. */
export type CallbackUserMessage<Kind extends CallbackMessageKind = CallbackMessageKind> = {
  [K in Kind]: MessageCommon & { readonly kind: K } & MessageContents[K];
}[Kind];

/** One of the known events, discriminated on `event`, which is always in lower case. */
export type CallbackEvent<Name extends CallbackEventName = CallbackEventName> = {
  [E in Name]: CallbackCommon & { readonly kind: "event"; readonly event: E } & EventContents[E];
}[Name];

/** A type, an event or a shape that is not known here: to be acknowledged, logged by name and let go. */
export interface UnsupportedCallback extends MessageCommon {
  readonly kind: "unsupported";
  /** In lower case. */
  readonly msgType: string;
  /** In lower case; only when `msgType` is `event`. */
  readonly event?: string;
  /** Every element as it came. Holds message content: never log it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export type CallbackMessage = CallbackUserMessage | CallbackEvent | UnsupportedCallback;
