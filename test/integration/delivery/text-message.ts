import type { InboundMessage } from "@gateway/conversation";
import type { EmulatorApp } from "@gateway/wecom-emulator";
import { TEST_AGENT_ID } from "../../support/test-apps.ts";

let messages = 0;

/** A text as ingress hands it over. */
export function textMessage(
  { name: appName, corpId }: EmulatorApp,
  userId: string,
  content: string,
  receivedAtMs: number,
): InboundMessage {
  const msgId = String(++messages);
  return {
    ...{
      v: 1 as const,
      id: `cb-${corpId}-${userId}-${msgId}`,
      appName,
      corpId,
      agentId: TEST_AGENT_ID,
      userId,
    },
    receivedAtMs,
    message: {
      kind: "text" as const,
      content,
      msgId,
      toUserName: corpId,
      fromUserName: userId,
      createTime: 1_700_000_000,
      agentId: TEST_AGENT_ID,
    },
  };
}
