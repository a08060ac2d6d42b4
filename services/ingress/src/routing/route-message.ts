import type { CallbackMessage } from "@gateway/wecom-client/callback";

export type RouteIgnoreReason =
  /** An event that nothing here acts on. It is acknowledged, so that WeCom does not push it again. */
  | "event_not_routed"
  /** A message or event type that this version does not know. */
  | "unsupported_type";

export type Route =
  /** Stored for the conversation: a turn with the agent, or a command, which the worker tells apart. */
  { readonly to: "conversation" } | { readonly to: "ignore"; readonly reason: RouteIgnoreReason };

const conversation: Route = { to: "conversation" };
const unsupported: Route = { to: "ignore", reason: "unsupported_type" };
const notRouted: Route = { to: "ignore", reason: "event_not_routed" };

/** One row per kind of message; the compiler asks for a row when a kind is added. */
const BY_KIND: { readonly [Kind in Exclude<CallbackMessage["kind"], "event">]: Route } = {
  text: conversation,
  image: conversation,
  voice: conversation,
  video: conversation,
  location: conversation,
  link: conversation,
  file: conversation,
  unsupported,
};

/** Events that do something. All others are acknowledged and ignored. */
const BY_EVENT: ReadonlyMap<string, Route> = new Map([
  ["click", conversation],
  ["template_card_event", conversation],
  ["template_card_menu_event", conversation],
  ["enter_agent", conversation],
]);

export function routeMessage(message: CallbackMessage): Route {
  if (message.kind === "event") return BY_EVENT.get(message.event) ?? notRouted;
  return BY_KIND[message.kind];
}
