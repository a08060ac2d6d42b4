import {
  generateCallbackKeys,
  sealCallback,
  sealEchostr,
  textMessageXml,
} from "@gateway/wecom-client/testing";
import { describe, expect, it } from "@jest/globals";
import { answerHandshake } from "./answer-handshake.ts";
import { createAppDirectory } from "./app-directory.ts";
import { createSearchBudget } from "./search-budget.ts";
import { appSettings, keysOf } from "./testing/app-settings.ts";

const nowMs = 1_700_000_000_000;
const timestamp = "1700000000";
const app = appSettings();
const sealed = (echostr: string, overrides = {}) => {
  const { query } = sealEchostr({ keys: keysOf(app), corpId: app.corpId, echostr, timestamp, ...overrides });
  return {
    msgSignature: query.msg_signature,
    timestamp: query.timestamp,
    nonce: query.nonce,
    echostr: query.echostr,
  };
};
const answer = (query: ReturnType<typeof sealed>, apps = [app]) =>
  answerHandshake({ directory: createAppDirectory(apps), searchBudget: createSearchBudget() }, query, nowMs);

describe("the URL check", () => {
  it("gives the challenge back byte for byte", () => {
    const outcome = answer(sealed("94966531020182955848408"));
    expect(outcome).toMatchObject({ kind: "verified", app: "main", skewSeconds: 0 });
    expect(outcome.kind === "verified" && outcome.echo.toString()).toBe("94966531020182955848408");
  });

  it("finds the app among all by its signature", () => {
    const others = Array.from({ length: 20 }, (_, i) =>
      appSettings({ name: `app${i}`, agentId: String(i + 1) }),
    );
    expect(answer(sealed("123"), [...others, app])).toMatchObject({ kind: "verified", app: "main" });
  });

  it("tells apps that share a token apart by what they can decrypt and by their corp", () => {
    const { token, encodingAesKey } = keysOf(app);
    const sameToken = appSettings({
      name: "sameToken",
      agentId: "2",
      keys: [{ token, encodingAesKey: generateCallbackKeys().encodingAesKey }],
    });
    const sameKeys = appSettings({ name: "otherCorp", corpId: "wwOther", keys: [{ token, encodingAesKey }] });
    expect(answer(sealed("123"), [sameToken, sameKeys, app])).toMatchObject({
      kind: "verified",
      app: "main",
    });
  });

  it("accepts either key set while keys are being changed", () => {
    const next = generateCallbackKeys();
    const rotating = { ...app, keys: [...app.keys, next] };
    expect(answer(sealed("123"), [rotating]).kind).toBe("verified");
    expect(answer(sealed("123", { keys: next }), [rotating]).kind).toBe("verified");
  });

  it("works with a clock that is wrong, and says by how much", () => {
    expect(answer(sealed("123", { timestamp: "1700003600" }))).toMatchObject({ skewSeconds: 3600 });
  });

  it("does not decrypt a pushed message for whoever saw it", () => {
    const message = textMessageXml({ corpId: app.corpId, userId: "u", msgId: "1", content: "secret" });
    const pushed = sealCallback({ keys: keysOf(app), corpId: app.corpId, agentId: app.agentId, message });
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(pushed.body)?.[1] ?? "";
    const { msg_signature, nonce } = pushed.query;
    const replay = {
      msgSignature: msg_signature,
      timestamp: pushed.query.timestamp,
      nonce,
      echostr: encrypted,
    };
    expect(answer(replay)).toMatchObject({ kind: "rejected", status: 400, code: "echo_invalid" });
  });

  it.each([
    ["another token", { keys: { ...keysOf(app), token: "other" } }, 403, "signature_invalid"],
    ["another receive id", { receiveId: "wwOther" }, 403, "receive_id_mismatch"],
  ])("refuses %s", (_what, overrides, status, code) => {
    expect(answer(sealed("123", overrides))).toMatchObject({ kind: "rejected", status, code });
  });
});
