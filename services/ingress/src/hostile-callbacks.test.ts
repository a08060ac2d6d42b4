import { createCipheriv } from "node:crypto";
import type { InboundMessage } from "@gateway/conversation";
import { conversationId, parseConversationId, parseInboundMessage } from "@gateway/conversation";
import { computeSignature, encrypt, prepareKeys } from "@gateway/wecom-client/callback";
import { textMessageXml } from "@gateway/wecom-client/testing";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createAcceptCallback } from "./accept-callback.ts";
import { createCheckAccess } from "./access/check-access.ts";
import { createAppDirectory } from "./app-directory.ts";
import { readSignedQuery } from "./http/query-parameters.ts";
import type { CallbackOutcome } from "./outcome.ts";
import { createSearchBudget } from "./search-budget.ts";
import { appSettings, keysOf } from "./testing/app-settings.ts";
import { hostileXml } from "./testing/hostile-xml.ts";
import { createManualClock } from "./testing/manual-clock.ts";

const nowMs = 1_700_000_000_000;
const timestamp = "1700000000";
const nonce = "1234567890";
const random16 = Buffer.alloc(16, 7);
const app = appSettings();
const { token, aesKey } = prepareKeys(keysOf(app));
const { corpId, agentId } = app;
const deadline = { lastAttemptAtMs: 3500, cutAtMs: 4500 };
const original = textMessageXml({ corpId, agentId, userId: "zhangsan", msgId: "45612553", content: "原文" });

/** What comes of a callback, and the message that was stored for it. */
async function receive(search: string, body: Buffer) {
  const stored: InboundMessage[] = [];
  const accept = createAcceptCallback({
    directory: createAppDirectory([app]),
    searchBudget: createSearchBudget(20),
    maxSkewSeconds: 600,
    checkAccess: createCheckAccess({
      gatekeeper: { ask: async () => "denied" },
      clock: createManualClock(),
      retryEveryMs: 200,
    }),
    store: {
      store: async (message) => {
        stored.push(message);
        return { status: "accepted" };
      },
    },
  });
  const query = readSignedQuery(search);
  const outcome: CallbackOutcome =
    "kind" in query ? query : await accept({ query, body, receivedAtMs: nowMs }, deadline);
  return { outcome, stored };
}

function sign(encrypted: string) {
  const signature = computeSignature({ token, timestamp, nonce, encrypted });
  return { search: `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`, encrypted };
}
function envelope(encrypted: string): string {
  return `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID>${agentId}</AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
}
/** As somebody who has the token and the key: every request is in order, up to what is inside. */
function push(plaintext: string | Buffer) {
  const { search, encrypted } = sign(encrypt(aesKey, { plaintext, receiveId: corpId, random16 }));
  return receive(search, Buffer.from(envelope(encrypted)));
}
function pushCiphertext(encrypted: string) {
  return receive(sign(encrypted).search, Buffer.from(envelope(encrypted)));
}

/** What has to be true of everything that was stored, whoever sent it. */
function expectSound(outcome: CallbackOutcome, stored: readonly InboundMessage[]) {
  expect(["accepted", "ignored", "rejected"]).toContain(outcome.kind);
  expect(stored).toHaveLength(outcome.kind === "accepted" ? 1 : 0);
  for (const message of stored) {
    const json = JSON.stringify(message);
    expect(parseInboundMessage(json)).toEqual(message);
    expect(json.isWellFormed()).toBe(true);
    expect(parseConversationId(conversationId(message))).toMatchObject({ corpId, agentId });
    // It is who is answered. "@all" would be everybody, and "a|b" two people.
    expect(message.userId).toMatch(/^[^@|\p{Cc}][^|\p{Cc}]*$/u);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe("callbacks with a good signature", () => {
  it("of any document are stored soundly or refused", async () => {
    await fc.assert(
      fc.asyncProperty(hostileXml, async (xml) => {
        const { outcome, stored } = await push(xml);
        expectSound(outcome, stored);
      }),
    );
  });

  it("of a real message with something cut out, doubled or put in are stored soundly or refused", async () => {
    const bytes = Buffer.from(original);
    const at = fc.nat(bytes.length);
    const inserted = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom("<A>", "</xml>", "]]>", "<![CDATA[", "&amp;", "<!DOCTYPE x>")
        .map((text) => Buffer.from(text)),
      fc.tuple(at, at).map(([from, to]) => bytes.subarray(from, to)),
    );
    await fc.assert(
      fc.asyncProperty(at, fc.nat(30), inserted, async (from, removed, bytesIn) => {
        const changed = [bytes.subarray(0, from), bytesIn, bytes.subarray(from + removed)];
        const { outcome, stored } = await push(Buffer.concat(changed));
        expectSound(outcome, stored);
      }),
    );
  });

  it("of any decrypted bytes are refused: no padding, length or receive id makes them a message", async () => {
    const seal = (padded: Buffer) => {
      const cipher = createCipheriv("aes-256-cbc", aesKey.secret, aesKey.iv).setAutoPadding(false);
      return Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
    };
    const length = fc.oneof(fc.nat(64), fc.integer({ min: 0, max: 0xffff_ffff })).map((stated) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(stated);
      return bytes;
    });
    const content = fc
      .tuple(length, fc.uint8Array({ maxLength: 100 }), fc.nat(255), fc.nat(40))
      .map((parts) => {
        const [stated, bytes, padByte, padLength] = parts;
        const whole = Buffer.concat([random16, stated, bytes, Buffer.alloc(padLength, padByte)]);
        return whole.subarray(0, whole.length - (whole.length % 16));
      });
    await fc.assert(
      fc.asyncProperty(content, async (padded) => {
        const { outcome, stored } = await pushCiphertext(seal(padded));
        expect(outcome.kind).toBe("rejected");
        expectSound(outcome, stored);
      }),
    );
  });

  it("of any text in the place of the ciphertext are refused", async () => {
    const text = fc.oneof(
      fc.base64String({ maxLength: 400 }),
      fc.string({ unit: "grapheme", maxLength: 100 }).map((any) => any.toWellFormed().replaceAll("]]>", "")),
    );
    await fc.assert(
      fc.asyncProperty(text, async (encrypted) => {
        const { outcome, stored } = await pushCiphertext(encrypted);
        expect(outcome.kind).toBe("rejected");
        expectSound(outcome, stored);
      }),
    );
  });
});

describe("found by the properties above", () => {
  it.each(["@all", "@chat:group", "a|b", "zhang\u0000san"])(
    "a sender called %j is nobody who can be answered",
    async (userId) => {
      const { outcome, stored } = await push(
        textMessageXml({ corpId, agentId, userId, msgId: "1", content: "hi" }),
      );
      expect(outcome).toMatchObject({ kind: "rejected", code: "message_invalid" });
      expect(stored).toEqual([]);
    },
  );
});

describe("callbacks that were changed on their way", () => {
  it("are refused, or are still the message that was signed", async () => {
    const { search, encrypted } = sign(encrypt(aesKey, { plaintext: original, receiveId: corpId, random16 }));
    const body = envelope(encrypted);
    const piece = fc.oneof(
      fc.constantFrom(
        "&",
        "=",
        "%",
        "%zz",
        "%00",
        "+",
        "/",
        "=",
        "&nonce=1",
        "&timestamp=",
        "A",
        "0",
        " ",
        "é",
      ),
      fc.constantFrom(
        "<Encrypt>A</Encrypt>",
        "<AgentID>1</AgentID>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "\0",
        "&#65;",
      ),
    );
    const edit = (text: string, [at, removed, inserted]: readonly [number, number, string]) =>
      text.slice(0, at) + inserted + text.slice(at + removed);
    const change = (text: string) => fc.tuple(fc.nat(text.length), fc.nat(3), piece);
    await fc.assert(
      fc.asyncProperty(
        fc.array(change(search), { maxLength: 2 }),
        fc.array(change(body), { maxLength: 2 }),
        async (ofQuery, ofBody) => {
          const query = ofQuery.reduce(edit, search);
          const { outcome, stored } = await receive(query, Buffer.from(ofBody.reduce(edit, body)));
          expectSound(outcome, stored);
          for (const { message } of stored) expect(message).toMatchObject({ kind: "text", content: "原文" });
        },
      ),
    );
  });
});
