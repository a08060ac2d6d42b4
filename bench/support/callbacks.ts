import { sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import type { EmulatorApp } from "@gateway/wecom-emulator";

/** What the stack's ingress listens on. */
const CALLBACK_PATH = "/wecom/callback";
/** About 200 bytes. */
const TEXT = "请帮我看一下今天的销售数据，并且和上周比较一下。".repeat(3);

/** As WeCom's own: far above 2^53. */
let nextMsgId = 4_561_255_354_251_345_929n;

export interface BenchRequest {
  readonly path: string;
  readonly body: string;
}

export interface CallbackOptions {
  /** How many people they come from, in turns. Default 500. */
  readonly users?: number;
  /** One person instead. */
  readonly userId?: string;
  readonly text?: string;
  /** Signed with another token than the app's. */
  readonly forged?: boolean;
}

/** Signed and encrypted callbacks, each with a message id of its own, of the apps in turns. */
export function createCallbacks(
  apps: readonly EmulatorApp[],
  count: number,
  options: CallbackOptions = {},
): BenchRequest[] {
  const { users = 500, text: content = TEXT, forged = false } = options;
  return Array.from({ length: count }, (_, index) => {
    const app = apps[index % apps.length];
    if (app === undefined) throw new Error("callbacks need an app");
    const { corpId, agentId, token, encodingAesKey } = app;
    const userId = options.userId ?? `user${Math.floor(index / apps.length) % users}`;
    const message = textMessageXml({ corpId, agentId, userId, content, msgId: String(nextMsgId++) });
    const keys = { token: forged ? "forger" : token, encodingAesKey };
    const { query, body } = sealCallback({ keys, corpId, agentId, message });
    return { path: `${CALLBACK_PATH}?${new URLSearchParams(query)}`, body };
  });
}
