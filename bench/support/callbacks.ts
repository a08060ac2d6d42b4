import { randomUUID } from "node:crypto";
import { generateCallbackKeys, sealCallback, textMessageXml } from "@gateway/wecom-client/testing";

export const CALLBACK_PATH = "/wecom/callback";
const USERS = 500;
const TEXT = "请帮我看一下今天的销售数据，并且和上周比较一下。".repeat(3);

/** As WeCom's own: far above 2^53. */
let nextMsgId = 4_561_255_354_251_345_929n;

export interface BenchApp {
  readonly corpId: string;
  readonly agentId: string;
  readonly corpSecret: string;
  readonly keys: { readonly token: string; readonly encodingAesKey: string };
}

export interface BenchRequest {
  readonly path: string;
  readonly body: string;
}

export function createBenchApp(): BenchApp {
  const corpId = `ww${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  return { corpId, agentId: "1000002", corpSecret: randomUUID(), keys: generateCallbackKeys() };
}

/** Signed and encrypted callbacks with a text of about 200 bytes, each with a message id of its own. */
export function createCallbacks(app: BenchApp, count: number): BenchRequest[] {
  const { corpId, agentId, keys } = app;
  return Array.from({ length: count }, (_, index) => {
    const message = textMessageXml({
      corpId,
      agentId,
      userId: `user${index % USERS}`,
      content: TEXT,
      msgId: String(nextMsgId++),
    });
    const { query, body } = sealCallback({ keys, corpId, agentId, message });
    return { path: `${CALLBACK_PATH}?${new URLSearchParams(query)}`, body };
  });
}
