import type { InboundMessage } from "@gateway/conversation";

/** What a message says to an agent, as text; undefined for what the gateway cannot hand on yet. */
export function messageText({ message }: InboundMessage): string | undefined {
  switch (message.kind) {
    case "text":
      return message.content;
    case "location":
      return `[location] ${message.label} (${message.latitude}, ${message.longitude})`;
    case "link":
      return `[link] ${message.title}\n${message.url}`;
    case "event":
      return message.event === "click" ? message.eventKey : undefined;
    default:
      return undefined;
  }
}
