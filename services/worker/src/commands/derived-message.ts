import type { InboundMessage } from "@gateway/conversation";

/**
 * A text for the agent that a command or a pressed button stands for. Its id follows from the message's, so
 * that handling that twice adds it once.
 */
export function derivedMessage(
  message: InboundMessage,
  derived: { readonly name: string; readonly text: string } & Pick<InboundMessage, "ownTurn" | "steer">,
): InboundMessage {
  const { toUserName, fromUserName, createTime, agentId } = message.message;
  const { name, text, ...marks } = derived;
  return {
    ...message,
    id: `${message.id}-${name}`,
    message: { kind: "text", content: text, toUserName, fromUserName, createTime, agentId },
    ...marks,
  };
}
