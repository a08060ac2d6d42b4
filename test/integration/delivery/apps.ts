import type { InboundMessage } from "@gateway/conversation";
import type { EmulatorApp } from "@gateway/wecom-emulator";
import { makeApp } from "../../../scripts/lib/demo-apps.mjs";

export const AGENT_ID = "1000002";

export function emulatorApp(name: string): EmulatorApp {
  const app = makeApp({ name, agentId: AGENT_ID });
  return {
    name,
    corpId: app.corp_id,
    agentId: app.agent_id,
    corpSecret: app.corp_secret,
    token: app.token,
    encodingAesKey: app.encoding_aes_key,
    callbackUrl: "http://127.0.0.1:9/",
  };
}

/** A configuration file with these apps, open to everybody. */
export function configText(apps: readonly EmulatorApp[], apiBaseUrl: string): string {
  const entries = apps.map((app) => ({
    name: app.name,
    corp_id: app.corpId,
    corp_secret: app.corpSecret,
    agent_id: app.agentId,
    token: app.token,
    encoding_aes_key: app.encodingAesKey,
  }));
  const extra = { api_base_url: apiBaseUrl, allow_all_users: true, apps: entries };
  return JSON.stringify({ platforms: { wecom_callback: { extra } } });
}

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
    ...{ v: 1 as const, id: `cb-${corpId}-${userId}-${msgId}`, appName, corpId, agentId: AGENT_ID, userId },
    receivedAtMs,
    message: {
      kind: "text" as const,
      content,
      msgId,
      toUserName: corpId,
      fromUserName: userId,
      createTime: 1_700_000_000,
      agentId: AGENT_ID,
    },
  };
}
