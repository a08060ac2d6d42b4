import { describe, expect, it } from "@jest/globals";
import { readSettings } from "./read-settings.ts";

const KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const APP = { name: "a", corpId: "ww1", agentId: "1", corpSecret: "s", token: "t", encodingAesKey: KEY };

describe("settings of the emulator", () => {
  it("takes the gateway's apps and listens on loopback", () => {
    const settings = readSettings({
      WECOM_CALLBACK_CORP_ID: "ww0123456789abcdef",
      WECOM_CALLBACK_CORP_SECRET: "secret-of-the-app",
      WECOM_CALLBACK_AGENT_ID: "1000002",
      WECOM_CALLBACK_TOKEN: "token",
      WECOM_CALLBACK_ENCODING_AES_KEY: KEY,
    });
    expect(settings).toMatchObject({ host: "127.0.0.1", port: 8650 });
    expect(settings.apps).toMatchObject([
      { agentId: "1000002", callbackUrl: "http://127.0.0.1:8645/wecom/callback", token: "token" },
    ]);
  });

  it("takes a list of its own", () => {
    const own = { ...APP, callbackUrl: "http://127.0.0.1:1/cb" };
    expect(readSettings({ EMULATOR_APPS: JSON.stringify([own]) }).apps).toMatchObject([own]);
  });

  it("names every fault and no value", () => {
    const env = { EMULATOR_APPS: `{"corpSecret": "do-not-tell"`, EMULATOR_PORT: "99999" };
    expect(() => readSettings(env)).toThrow(
      /EMULATOR_PORT[\s\S]*EMULATOR_APPS|EMULATOR_APPS[\s\S]*EMULATOR_PORT/,
    );
    expect(() => readSettings(env)).not.toThrow(/do-not-tell/);
  });
});
