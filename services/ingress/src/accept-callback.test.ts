import type { InboundMessage } from "@gateway/conversation";
import { eventXml, generateCallbackKeys, sealCallback, textMessageXml } from "@gateway/wecom-client/testing";
import { describe, expect, it } from "@jest/globals";
import { createAcceptCallback } from "./accept-callback.ts";
import { createCheckAccess } from "./access/check-access.ts";
import type { AppSettings } from "./app-directory.ts";
import { createAppDirectory } from "./app-directory.ts";
import { createSearchBudget } from "./search-budget.ts";
import { appSettings, keysOf } from "./testing/app-settings.ts";
import { createManualClock } from "./testing/manual-clock.ts";

const nowMs = 1_700_000_000_000;
const timestamp = "1700000000";
const app = appSettings();
const deadline = { lastAttemptAtMs: 3500, cutAtMs: 4500 };

type Seal = Partial<Parameters<typeof sealCallback>[0]>;

function text(overrides: Partial<Parameters<typeof textMessageXml>[0]> = {}): string {
  const { corpId, agentId } = app;
  return textMessageXml({
    corpId,
    agentId,
    userId: "zhangsan",
    msgId: "4561255354251345929",
    content: "hi",
    ...overrides,
  });
}

function harness(
  apps: readonly AppSettings[] = [app],
  maxSkewSeconds = 600,
  status: "accepted" | "full" = "accepted",
) {
  const stored: InboundMessage[] = [];
  const accept = createAcceptCallback({
    directory: createAppDirectory(apps),
    searchBudget: createSearchBudget(20),
    maxSkewSeconds,
    checkAccess: createCheckAccess({
      gatekeeper: { ask: async () => "denied" },
      clock: createManualClock(),
      retryEveryMs: 200,
    }),
    store: {
      store: async (message) => {
        stored.push(message);
        return { status };
      },
    },
  });
  const push = (
    message: string | Buffer,
    seal: Seal = {},
    edit: (body: string) => string = (body) => body,
  ) => {
    const { corpId, agentId } = app;
    const { query, body } = sealCallback({ keys: keysOf(app), corpId, agentId, message, timestamp, ...seal });
    const signed = { msgSignature: query.msg_signature, timestamp: query.timestamp, nonce: query.nonce };
    return accept({ query: signed, body: Buffer.from(edit(body)), receivedAtMs: nowMs }, deadline);
  };
  return { push, stored };
}

describe("accepting a callback", () => {
  it("stores a text message with its ids as text", async () => {
    const { push, stored } = harness();
    const outcome = await push(text({ userId: "00123" }));
    expect(outcome).toEqual({
      kind: "accepted",
      app: "main",
      messageId: stored[0]?.id,
      userId: "00123",
      messageKind: "text",
    });
    expect(stored).toEqual([
      expect.objectContaining({
        v: 1,
        appName: "main",
        corpId: app.corpId,
        agentId: app.agentId,
        userId: "00123",
        receivedAtMs: nowMs,
        message: expect.objectContaining({ kind: "text", content: "hi", msgId: "4561255354251345929" }),
      }),
    ]);
  });

  it("does not say of a message that found no room that it was accepted", async () => {
    const { push } = harness([app], 600, "full");
    expect(await push(text({ content: "/stop" }))).toMatchObject({
      kind: "ignored",
      reason: "lane_full",
      userId: "zhangsan",
    });
  });

  it.each(["😀 ]]> &amp; <b>", " spaces kept ", "第一行\n第二行", "\u{1F468}\u200D\u{1F469}"])(
    "keeps the content %j exactly",
    async (content) => {
      const { push, stored } = harness();
      await push(text({ content }));
      expect(stored[0]?.message).toMatchObject({ content });
    },
  );

  it("gives two pushes of one message the same id and two messages different ones", async () => {
    const { push, stored } = harness();
    for (const msgId of ["1", "1", "2"]) await push(text({ msgId }));
    const [first, again, other] = stored.map(({ id }) => id);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("finds the app by signature when the envelope names no agent", async () => {
    const sibling = appSettings({ name: "sibling", agentId: "7" });
    const { push, stored } = harness([sibling, app]);
    await push(text({ agentId: "" }), { agentId: "" });
    expect(stored[0]).toMatchObject({ appName: "main", agentId: app.agentId });
  });

  it("goes by the signed agent id where apps share their keys", async () => {
    const sibling = appSettings({ name: "sibling", agentId: "7", keys: app.keys });
    const { push, stored } = harness([sibling, app]);
    await push(text(), { agentId: "" });
    expect(stored[0]).toMatchObject({ appName: "main" });
    expect(await push(text(), { agentId: "7" })).toMatchObject({ kind: "ignored", reason: "agent_mismatch" });
    expect(stored).toHaveLength(1);
  });

  it("accepts the old and the new key set while keys are being changed", async () => {
    const next = generateCallbackKeys();
    const { push, stored } = harness([{ ...app, keys: [...app.keys, next] }]);
    await push(text({ msgId: "1" }));
    await push(text({ msgId: "2" }), { keys: next });
    expect(stored).toHaveLength(2);
  });
});

describe("what is acknowledged but not processed", () => {
  it("a stale replay", async () => {
    const { push, stored } = harness();
    const outcome = await push(text(), { timestamp: "1699999399" });
    expect(outcome).toEqual({ kind: "ignored", reason: "stale", skewSeconds: -601, app: "main" });
    expect(stored).toEqual([]);
  });

  it("nothing is stale when the window is off", async () => {
    const { push } = harness([app], 0);
    expect(await push(text(), { timestamp: "1409659813" })).toMatchObject({ kind: "accepted" });
  });

  it("a user who is not on the list, whoever else is", async () => {
    const { push, stored } = harness([
      { ...app, allowAllUsers: false, allowedUsers: ["lisi", "wwOther:zhangsan"] },
    ]);
    expect(await push(text())).toMatchObject({
      kind: "ignored",
      reason: "access_denied",
      userId: "zhangsan",
    });
    expect(await push(text({ userId: "LiSi" }))).toMatchObject({ kind: "accepted" });
    expect(stored).toHaveLength(1);
  });

  it("events that nothing acts on, and unknown types", async () => {
    const { push, stored } = harness();
    const common = { corpId: app.corpId, agentId: app.agentId, userId: "zhangsan" };
    const subscribed = await push(eventXml({ ...common, event: "subscribe" }));
    expect(subscribed).toMatchObject({
      kind: "ignored",
      reason: "event_not_routed",
      messageKind: "event:subscribe",
    });
    const unknown = await push(eventXml({ ...common, event: "invented_tomorrow" }));
    expect(unknown).toMatchObject({ kind: "ignored", reason: "unsupported_type" });
    expect(stored).toEqual([]);
  });
});

describe("what is refused", () => {
  const forged = { keys: { ...keysOf(app), token: "forged" } };

  it.each<[string, Seal, number, string]>([
    ["a forged signature", forged, 403, "signature_invalid"],
    ["a forged and stale request", { ...forged, timestamp: "1409659813" }, 403, "signature_invalid"],
    ["another corp's receive id", { receiveId: "wwOther" }, 403, "receive_id_mismatch"],
    ["an unknown corp", { corpId: "wwOther" }, 404, "app_unknown"],
    ["an unknown agent", { agentId: "3" }, 404, "app_unknown"],
  ])("%s", async (_what, seal, status, code) => {
    const { push, stored } = harness();
    expect(await push(text(), seal)).toMatchObject({ kind: "rejected", status, code });
    expect(stored).toEqual([]);
  });

  it("a flood of requests that name no app, while those that name one pass", async () => {
    const { push, stored } = harness([app, appSettings({ name: "sibling", agentId: "7" })]);
    const nameless = () => push(text(), { ...forged, agentId: "" });
    for (let i = 0; i < 10; i += 1) expect(await nameless()).toMatchObject({ code: "signature_invalid" });
    expect(await nameless()).toMatchObject({ kind: "rejected", status: 429, code: "search_budget" });
    await push(text());
    expect(stored).toHaveLength(1);
  });

  it("an AES key that does not belong to the signature", async () => {
    const { push } = harness();
    const keys = { token: keysOf(app).token, encodingAesKey: generateCallbackKeys().encodingAesKey };
    expect(await push(text(), { keys })).toMatchObject({ kind: "rejected", status: 400 });
  });

  it.each([
    ["an empty body", () => "", "envelope_invalid"],
    ["no XML", () => "hello", "xml_invalid"],
    ["a DOCTYPE", (body: string) => `<!DOCTYPE xml [<!ENTITY a "b">]>${body}`, "xml_doctype"],
    ["no Encrypt", () => "<xml><ToUserName>ww</ToUserName></xml>", "envelope_invalid"],
  ])("%s", async (_what, edit, code) => {
    expect(await harness().push(text(), {}, edit)).toMatchObject({ kind: "rejected", status: 400, code });
  });

  it.each([
    ["no XML", "hello", "xml_invalid"],
    ["invalid UTF-8", Buffer.from([0x3c, 0xff, 0xfe]), "encoding_invalid"],
    ["an endless user id", text({ userId: "u".repeat(600) }), "message_invalid"],
  ])("a sealed message that is %s", async (_what, message, code) => {
    expect(await harness().push(message)).toMatchObject({ kind: "rejected", status: 400, code });
  });

  it("says nothing about what was sent", async () => {
    const outcome = await harness().push(text({ content: "SECRET" }), { keys: forged.keys });
    expect(JSON.stringify(outcome)).not.toContain("SECRET");
  });
});
