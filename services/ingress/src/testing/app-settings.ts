import { generateCallbackKeys } from "@gateway/wecom-client/testing";
import type { AppSettings } from "../app-directory.ts";

/** An app with fresh keys that lets everybody in. */
export function appSettings(overrides: Partial<AppSettings> = {}): AppSettings {
  return {
    name: "main",
    corpId: "ww1234567890abcdef",
    agentId: "1000002",
    keys: [generateCallbackKeys()],
    allowedUsers: [],
    allowAllUsers: true,
    adminUsers: [],
    pairing: false,
    denyNotice: false,
    ...overrides,
  };
}

/** The first key set of an app. */
export function keysOf(app: AppSettings) {
  const [keys] = app.keys;
  if (keys === undefined) throw new Error("the app has no keys");
  return keys;
}
