import { parseCommand } from "@gateway/conversation";
import type { MessageBody } from "@gateway/wecom-client";
import { messageBodySchema } from "@gateway/wecom-client";
import { z } from "zod";
import { isOwnButton } from "../cards/button-keys.ts";

/** A message that an agent composes itself, in WeCom's own form (WeCom doc 90236). */
export type AgentMessage = Extract<
  MessageBody,
  { msgtype: "textcard" | "news" | "miniprogram_notice" | "template_card" }
>;

const KINDS: readonly MessageBody["msgtype"][] = ["textcard", "news", "miniprogram_notice", "template_card"];

/**
 * What WeCom would refuse is refused. So is a button whose key stands for a command of the gateway: the person would press
 * "Show" and approve what the agent asks.
 */
export const agentMessageSchema = messageBodySchema.transform((message, context): AgentMessage => {
  if (!isAgentMessage(message)) {
    const why = `has to be one of ${KINDS.join(", ")}`;
    context.issues.push({ code: "custom", message: why, input: undefined, path: ["msgtype"] });
    return z.NEVER;
  }
  if (message.msgtype === "template_card" && keysOf(message.template_card).some(isReserved)) {
    const why = "has a button whose key is a command of the gateway";
    context.issues.push({ code: "custom", message: why, input: undefined, path: ["template_card"] });
  }
  return message;
});

function isAgentMessage(message: MessageBody): message is AgentMessage {
  return KINDS.includes(message.msgtype);
}

/** As it comes back: without the space around it, and perhaps without what cannot be seen. */
function isReserved(sent: string): boolean {
  const seen = sent.replace(/[\p{Cc}\p{Cf}]/gu, "");
  return [sent, seen].some((one) => {
    const key = one.trim();
    return isOwnButton(key) || (parseCommand(key) ?? parseCommand(`/${key}`)) !== undefined;
  });
}

function keysOf(card: Extract<AgentMessage, { msgtype: "template_card" }>["template_card"]): string[] {
  const keys = [
    ...("action_menu" in card ? (card.action_menu?.action_list ?? []).map(({ key }) => key) : []),
    ...("button_list" in card ? card.button_list.map(({ key }) => key) : []),
    ...("submit_button" in card ? [card.submit_button.key] : []),
  ];
  return keys.filter((key) => key !== undefined);
}
