import { sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import type { FaultStack } from "./fault-stack.ts";

/** A callback of the app "main" that WeCom signed so many seconds ago, or will have signed. Gives the status. */
export async function sendSignedAgo(
  { stack }: FaultStack,
  { user, id, text }: { user: string; id: string; text: string },
  secondsAgo: number,
  replica: number,
): Promise<number> {
  const app = stack.apps.find(({ name }) => name === "main");
  if (app === undefined) throw new Error("there is no app main");
  const { corpId, agentId, token, encodingAesKey } = app;
  const { query, body } = sealCallback({
    keys: { token, encodingAesKey },
    ...{ corpId, agentId },
    message: textMessageXml({ corpId, agentId, userId: user, msgId: id, content: text }),
    timestamp: String(Math.floor(Date.now() / 1000) - secondsAgo),
  });
  const url = `${stack.callbackUrls[replica % stack.callbackUrls.length]}?${new URLSearchParams(query)}`;
  const response = await fetch(url, { method: "POST", body, headers: { "Content-Type": "text/xml" } });
  return response.status;
}
