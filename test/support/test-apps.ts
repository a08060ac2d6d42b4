import type { EmulatorApp } from "@gateway/wecom-emulator";
import { makeApp } from "../../scripts/lib/demo-apps.mjs";

export const TEST_AGENT_ID = "1000002";

/** An app of a corp of its own. Without a callback URL nobody answers there. */
export function createTestApp(name: string, callbackUrl = "http://127.0.0.1:9/"): EmulatorApp {
  const app = makeApp({ name, agentId: TEST_AGENT_ID });
  return {
    name,
    corpId: app.corp_id,
    agentId: app.agent_id,
    corpSecret: app.corp_secret,
    token: app.token,
    encodingAesKey: app.encoding_aes_key,
    callbackUrl,
  };
}

/** As the gateway's configuration file has it. */
export function entryOf(app: EmulatorApp) {
  return {
    name: app.name,
    corp_id: app.corpId,
    corp_secret: app.corpSecret,
    agent_id: app.agentId,
    token: app.token,
    encoding_aes_key: app.encodingAesKey,
  };
}

/** The text of a configuration file. JSON is YAML too. */
export function configText(extra: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ platforms: { wecom_callback: { extra } } });
}
