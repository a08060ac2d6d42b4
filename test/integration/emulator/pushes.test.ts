import type { Emulator, EmulatorOptions, PushRecord } from "@gateway/wecom-emulator";
import { createEmulator } from "@gateway/wecom-emulator";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Behaviour, Receiver } from "./harness.ts";
import { APP, startReceiver } from "./harness.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

async function setUp(behave?: (attempt: number) => Behaviour, options: Partial<EmulatorOptions> = {}) {
  const receiver = await startReceiver(APP, behave);
  const callbackPolicy = { retryDelayMs: 0, ...options.callbackPolicy };
  const emulator = createEmulator({
    apps: [{ ...APP, callbackUrl: receiver.url }],
    ...options,
    callbackPolicy,
  });
  opened.push(receiver, emulator);
  return { receiver, emulator };
}

const sendText = (emulator: Emulator, text = "hello") =>
  emulator.pushText({ app: APP.name, user: "00123", text });
const outcomes = (record: PushRecord) => record.attempts.map((attempt) => attempt.status ?? attempt.outcome);
const messageIds = (receiver: Receiver) =>
  new Set(receiver.received.map(({ message }) => ("msgId" in message ? message.msgId : undefined)));

describe("pushes", () => {
  it("arrive signed and encrypted, with ids as text", async () => {
    const { receiver, emulator } = await setUp();
    const record = await sendText(emulator, "你好 😀 ]]>");
    expect(record).toMatchObject({
      status: "acknowledged",
      attempts: [{ outcome: "answered", status: 200, answer: "success" }],
    });
    expect(BigInt(record.msgId ?? "0")).toBeGreaterThan(2n ** 53n);
    expect(receiver.received[0]?.message).toMatchObject({
      kind: "text",
      content: "你好 😀 ]]>",
      fromUserName: "00123",
      agentId: APP.agentId,
      msgId: record.msgId,
    });
  });

  it("come again after a reset connection, with the same MsgId in a new envelope", async () => {
    const { receiver, emulator } = await setUp((attempt) => (attempt < 3 ? "reset" : { status: 200 }));
    const record = await sendText(emulator);
    expect(record.status).toBe("acknowledged");
    expect(outcomes(record)).toEqual(["connection_failed", "connection_failed", 200]);
    expect(messageIds(receiver).size).toBe(1);
    expect(new Set(receiver.received.map(({ envelope }) => envelope)).size).toBe(3);
  });

  it("come again in the same envelope when told so", async () => {
    const { receiver, emulator } = await setUp((attempt) => (attempt === 1 ? "reset" : { status: 200 }), {
      callbackPolicy: { sameEnvelope: true },
    });
    await sendText(emulator);
    expect(new Set(receiver.received.map(({ envelope, query }) => envelope + String(query))).size).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  it("are lost after three attempts in total, whether nobody answers or nobody is there", async () => {
    const { receiver, emulator } = await setUp(() => "hang", { callbackPolicy: { timeoutMs: 100 } });
    const record = await sendText(emulator);
    expect(record.status).toBe("lost");
    expect(outcomes(record)).toEqual(["timeout", "timeout", "timeout"]);
    expect(receiver.received).toHaveLength(3);
    await receiver.close();
    const nobody = await sendText(emulator);
    expect([nobody.status, nobody.attempts.length, nobody.attempts[0]?.error]).toEqual([
      "lost",
      3,
      "ECONNREFUSED",
    ]);
  });

  it.each([
    ["never", [503], "refused"],
    ["server_errors", [503, 503, 503], "lost"],
    ["always", [503, 503, 503], "lost"],
  ] as const)("after a 503 are tried again: %s", async (nonOkRetry, expected, status) => {
    const { emulator } = await setUp(() => ({ status: 503 }), { callbackPolicy: { nonOkRetry } });
    const record = await sendText(emulator);
    expect([outcomes(record), record.status]).toEqual([expected, status]);
  });

  it("after a 403 are tried again only when every status counts", async () => {
    const { emulator } = await setUp(() => ({ status: 403 }), {
      callbackPolicy: { nonOkRetry: "server_errors" },
    });
    expect(outcomes(await sendText(emulator))).toEqual([403]);
    emulator.setCallbackPolicy({ nonOkRetry: "always" });
    expect(outcomes(await sendText(emulator))).toEqual([403, 403, 403]);
  });

  it("can be repeated to another replica as the same message", async () => {
    const { receiver, emulator } = await setUp();
    const other = await startReceiver(APP);
    opened.push(other);
    const record = await sendText(emulator);
    await emulator.repeatPush(record.id, { callbackUrl: other.url });
    await emulator.repeatPush(record.id);
    expect(record.attempts).toHaveLength(3);
    expect(other.received[0]?.message).toEqual(receiver.received[0]?.message);
    expect(receiver.received[1]?.message).toEqual(receiver.received[0]?.message);
  });

  it("keep the true time when the emulator's clock is moved ahead", async () => {
    const { receiver, emulator } = await setUp();
    emulator.advanceClock(86_400_000);
    await sendText(emulator);
    const first = receiver.received[0];
    const skewSeconds = Math.abs(Number(first?.query.get("timestamp")) - Date.now() / 1000);
    expect(skewSeconds).toBeLessThan(3600);
  });

  it("refuse what no member could do", async () => {
    const { emulator } = await setUp();
    await expect(emulator.pushText({ app: "nobody", user: "u", text: "x" })).rejects.toThrow(/no app/);
    await expect(emulator.pushText({ app: APP.name, user: "../etc", text: "x" })).rejects.toThrow(/user id/);
  });
});

describe("saving the callback URL", () => {
  it("succeeds on the bare plaintext", async () => {
    const { emulator } = await setUp(() => ({ status: 200 }));
    expect(await emulator.verifyCallback(APP.name)).toMatchObject({ ok: true, status: 200 });
  });

  it.each<[string, Behaviour, RegExp]>([
    ["another body", { status: 200, body: "success" }, /echostr/],
    ["another status", { status: 204 }, /204/],
    ["no answer within a second", "hang", /1000 ms/],
  ])("fails on %s and says why", async (_what, behaviour, problem) => {
    const { emulator } = await setUp(() => behaviour);
    expect(await emulator.verifyCallback(APP.name)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(problem),
    });
  });
});
