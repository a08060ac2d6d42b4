import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { OtlpReceiver, ReceivedSpan } from "../../support/otlp-receiver.ts";
import { startOtlpReceiver } from "../../support/otlp-receiver.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("a trace", () => {
  let collector: OtlpReceiver;
  let stack: Stack;
  beforeAll(async () => {
    collector = await startOtlpReceiver();
    stack = await startStack({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=collector%20key",
        OTEL_BSP_SCHEDULE_DELAY: "50",
        TURN_QUIET_MS: "400",
      },
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await collector?.close();
  });

  const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);
  /** The spans of the trace in which such a span is found, once it has all these. */
  const traceWith = async (isIt: (span: ReceivedSpan) => boolean, names: readonly string[]) =>
    waitUntil(
      `a trace has ${names.join(", ")}`,
      () => {
        const spans = spansOf(collector.spans.find(isIt)?.traceId ?? "");
        return names.every((name) => spans.some((span) => span.name === name)) && spans;
      },
      { timeoutMs: 40_000, describe: () => JSON.stringify(collector.spans, null, 1) + stack.logs() },
    );
  const isOf = (user: string) => (span: ReceivedSpan) =>
    String(span.attributes["gateway.message.id"]).includes(user);

  it("leads from the callback through the queue to the last part, over two processes", async () => {
    const { emulator } = stack;
    await emulator.pushText({ app: "main", user: "zhangsan", text: "report about my salary" });
    const isLast = (span: ReceivedSpan) => span.attributes["gateway.part"] === lastPart(span);
    await waitUntil(
      "the last part is traced",
      () => collector.spans.some((span) => isOf("zhangsan")(span) && isLast(span)),
      {
        timeoutMs: 40_000,
        describe: () => JSON.stringify(collector.spans, null, 1) + stack.logs(),
      },
    );
    const spans = await traceWith(isOf("zhangsan"), ["callback", "accept", "turn", "run", "plan", "send"]);
    const one = (name: string) => {
      const [span, ...others] = spans.filter((candidate) => candidate.name === name);
      expect([name, others.length]).toEqual([name, 0]);
      return span as ReceivedSpan;
    };
    const [callback, accept, turn] = [one("callback"), one("accept"), one("turn")];
    expect(callback.parentSpanId ?? "").toBe("");
    expect(accept.parentSpanId).toBe(callback.spanId);
    expect(turn.parentSpanId).toBe(accept.spanId);
    expect([one("run").parentSpanId, one("plan").parentSpanId]).toEqual([turn.spanId, turn.spanId]);
    const sends = spans.filter(({ name }) => name === "send");
    expect(sends.length).toBe(one("plan").attributes["gateway.parts"]);
    expect(sends.length).toBeGreaterThan(1);
    expect(sends.map((send) => [send.parentSpanId, send.attributes["gateway.outcome"]])).toEqual(
      sends.map(() => [turn.spanId, "sent"]),
    );
    expect([callback.service, turn.service, sends[0]?.service]).toEqual([
      ...["wecom-gateway-ingress", "wecom-gateway-worker", "wecom-gateway-worker"],
    ]);
    expect(callback.instance).not.toBe(turn.instance);
    expect(callback.attributes).toMatchObject({
      ...{ "gateway.app": "main", "gateway.outcome": "accepted", "gateway.message.kind": "text" },
      "gateway.message.id": turn.attributes["gateway.message.id"],
    });
    expect(one("run").attributes).toMatchObject({ "gateway.runner": "demo", "gateway.outcome": "done" });
  });

  it("of messages that one turn answers is the first one's; the others are linked", async () => {
    const { emulator } = stack;
    await emulator.pushText({ app: "main", user: "lisi", text: "hello" });
    await emulator.pushText({ app: "main", user: "lisi", text: "again" });
    const spans = await traceWith((span) => isOf("lisi")(span) && span.name === "turn", ["callback", "turn"]);
    const turn = spans.find(({ name }) => name === "turn");
    const other = collector.spans.find(
      (span) => span.name === "accept" && isOf("lisi")(span) && span.traceId !== turn?.traceId,
    );
    expect(turn?.attributes["gateway.messages"]).toBe(2);
    expect(turn?.links).toEqual([other?.traceId]);
  });

  it("of a command leads to its answer, of a failure to the code", async () => {
    const { emulator } = stack;
    await emulator.pushText({ app: "main", user: "wangwu", text: "/whoami" });
    const command = await traceWith(isOf("wangwu"), ["callback", "accept", "command", "send"]);
    expect(command.map(({ name }) => name)).not.toContain("turn");

    emulator.setFaults([
      { match: { path: "message/send", user: "zhaoliu" }, action: { type: "errcode", errcode: 81013 } },
    ]);
    await emulator.pushText({ app: "main", user: "zhaoliu", text: "fail" });
    const failed = await traceWith(isOf("zhaoliu"), ["callback", "run", "send"]);
    expect(failed.find(({ name }) => name === "run")?.failure).toBe("agent");
    expect(failed.find(({ name }) => name === "send")?.failure).toBe("errcode_81013");
  });

  it("is begun by every callback anew, whatever a stranger sends along", async () => {
    const url = new URL(stack.callbackUrls[0] ?? "");
    url.search = "?msg_signature=x&timestamp=1&nonce=2";
    const theirs = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    await fetch(url, { method: "POST", body: "<xml></xml>", headers: { traceparent: theirs } });
    const [refused] = await traceWith(
      (span) => span.attributes["gateway.outcome"] === "rejected",
      ["callback"],
    );
    expect(refused?.traceId).not.toBe("a".repeat(32));
  });

  it("holds no content and no secret; the collector's key is sent to the collector alone", () => {
    const all = collector.bodies.join("\n");
    expect(all).not.toMatch(/salary|report|季度|hello|again|whoami|<xml/);
    for (const { corpSecret, token, encodingAesKey } of stack.apps)
      for (const secret of [corpSecret, token, encodingAesKey]) expect(all).not.toContain(secret);
    expect(collector.headers.every((headers) => headers["x-api-key"] === "collector key")).toBe(true);
    expect(stack.logs()).not.toContain("collector key");
  });
});

describe("tracing to a collector that is away", () => {
  let stack: Stack | undefined;
  afterEach(() => stack?.stop());

  it("holds up neither messages nor the end of a process, and says so once", async () => {
    const dead = await startOtlpReceiver();
    await dead.close();
    stack = await startStack({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: dead.url, OTEL_BSP_SCHEDULE_DELAY: "50" },
    });
    const { emulator, logs } = stack;
    await emulator.pushText({ app: "main", user: "zhangsan", text: "hello" });
    await waitUntil("it is answered", () => emulator.seen({ app: "main", user: "zhangsan" }).length > 0, {
      timeoutMs: 40_000,
      describe: logs,
    });
    const [worker] = stack.workers;
    worker?.process.signal("SIGTERM");
    expect(await worker?.process.exited).toEqual({ code: 0, signal: null });
    await worker?.process.waitForLog(/traces could not be exported/);
    expect(worker?.logs().match(/traces could not be exported/g)?.length).toBe(1);
  });
});

function lastPart(span: ReceivedSpan): number {
  return Number(span.attributes["gateway.parts"]) - 1;
}
