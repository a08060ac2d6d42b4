import { createHmac } from "node:crypto";
import { createAgentCallbacks, createKeys } from "@gateway/conversation";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createCallbackWaiter } from "../../../services/worker/src/runners/http/callback-waiter.ts";
import { createHttpRunner } from "../../../services/worker/src/runners/http/http-runner.ts";
import type { TestRedis } from "../../support/redis.ts";
import { startRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startIngressForAgents } from "./agent-ingress.ts";
import { beginRun } from "./contract/begin-run.ts";
import type { Behave, HttpAgent } from "./http-agent.ts";
import { AGENT_KEY, event, startHttpAgent } from "./http-agent.ts";

let server: TestRedis;
let agent: HttpAgent;
let ingress: Awaited<ReturnType<typeof startIngressForAgents>>;

beforeEach(async () => {
  server = await startRedis();
  agent = await startHttpAgent();
  ingress = await startIngressForAgents(callbacks(), AGENT_KEY);
});
afterEach(async () => {
  await agent.stop();
  await ingress.stop();
  await server.stop();
});

const callbacks = () => createAgentCallbacks({ redis: server.client(), keys: createKeys(server.prefix) });

function createRunner(options: { later?: boolean; url?: string; timeoutMs?: number } = {}) {
  const { later = false, url = agent.url, timeoutMs = 30_000 } = options;
  const keys = createKeys(server.prefix);
  return createHttpRunner(
    {
      ...{ kind: "http", url, apiKey: AGENT_KEY, timeoutMs, instructions: "You help with offers." },
      ...(later ? { callbackUrl: ingress.url } : {}),
    },
    {
      logger: pino({ level: "silent" }),
      mediaDirs: [],
      callbacks: createCallbackWaiter({ callbacks: callbacks(), subscriber: server.client(), keys }),
    },
  );
}

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Behave =>
  (_turn, response) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(value));

/** One behaviour after the other; the last one stays. */
function inOrder(...behaviours: readonly Behave[]): Behave {
  let count = 0;
  return (turn, response) => behaviours[Math.min(count++, behaviours.length - 1)]?.(turn, response);
}

const run = (text = "hello", options: Parameters<typeof createRunner>[0] = {}) =>
  beginRun(createRunner(options), text);

describe("what the agent is sent", () => {
  it("is the turn, signed, under a key that is the same for each attempt", async () => {
    agent.behave(json({ text: "hi" }));
    const first = run("你好");
    expect(await first.result).toEqual({ status: "done", text: "hi" });
    const second = beginRun(createRunner(), "你好", { after: first });
    await second.result;
    const [one, two] = agent.turns;
    expect(one).toMatchObject({
      version: 1,
      turnId: first.turn.id,
      attempt: 1,
      app: "app",
      userId: first.turn.conversation.userId,
      sessionId: `${first.turn.conversation.id}:0`,
      text: "你好",
      messages: [{ id: first.turn.messages[0]?.id, type: "text" }],
      attachments: [],
      history: [],
      instructions: expect.stringMatching(/WeCom.*You help with offers\.$/s),
    });
    expect(one).not.toHaveProperty("callbackUrl");
    expect(two).toMatchObject({ attempt: 2 });
    expect([one, two].map((turn) => turn?.headers["idempotency-key"])).toEqual([
      first.turn.id,
      first.turn.id,
    ]);
    const { raw = "", headers = {} } = one ?? {};
    expect(headers.authorization).toBe(`Bearer ${AGENT_KEY}`);
    const hmac = createHmac("sha256", AGENT_KEY)
      .update(`${headers["x-gateway-timestamp"]}.${raw}`)
      .digest("hex");
    expect(headers["x-gateway-signature"]).toBe(`v1=${hmac}`);
  });
});

describe("what it answers in the response", () => {
  it("may be files", async () => {
    const content = Buffer.from("a,b\n").toString("base64");
    agent.behave(json({ files: [{ path: "/srv/out/a.pdf" }, { name: "b.csv", content }] }));
    expect(await run().result).toEqual({
      status: "done",
      text: "",
      files: [{ path: "/srv/out/a.pdf" }, { name: "b.csv", content: Buffer.from("a,b\n") }],
    });
  });

  it("may be a stream in any pieces, with comments and other fields", async () => {
    const stream = Buffer.from(
      `: hello\r\n\r\nid: 1\r\ndata: {"type":"progress",\r\ndata: "title":"读取"}\r\n\r\n${event({ type: "delta", text: "四十" })}${event({ type: "delta", text: "二" })}${event({ type: "done" })}`,
    );
    agent.behave((_turn, response) => {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      for (const byte of stream) response.write(Buffer.of(byte));
      response.end();
    });
    const begun = run();
    expect(await begun.result).toEqual({ status: "done", text: "四十二" });
    expect(begun.events).toEqual([{ type: "progress", title: "读取" }, { type: "alive" }, { type: "alive" }]);
  });

  it.each<[string, unknown, string]>([
    ["no object", [1], "protocol"],
    ["no text", {}, "empty"],
    ["blanks", { text: " \n" }, "empty"],
    ["an error", { error: { message: "canary" }, text: "half" }, "agent"],
    ["too long a text", { text: "x".repeat(1024 * 1024 + 1) }, "protocol"],
  ])("is a failure when it is %s", async (_what, value, code) => {
    agent.behave(json(value));
    const result = await run().result;
    expect(result).toMatchObject({ status: "failed", code, retryable: false });
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  it.each([
    [301, "config", "redirects"],
    [307, "config", "redirects"],
    [400, "protocol", "400"],
    [401, "auth", "api_key"],
    [403, "auth", "api_key"],
    [404, "config", "url"],
    [408, "provider", "408"],
    [500, "agent", "500"],
    [502, "provider", "502"],
    [504, "provider", "504"],
  ])("is a failure with the status %d: %s", async (status, code, says) => {
    const elsewhere = await startHttpAgent();
    agent.behave(json({ text: "an error page" }, status, { location: elsewhere.url }));
    expect(await run().result).toMatchObject({
      status: "failed",
      code,
      retryable: false,
      detail: expect.stringContaining(says),
    });
    expect(elsewhere.turns).toEqual([]);
    await elsewhere.stop();
  });

  it.each([429, 503])("may be that it is busy (%d): it is asked again when it says", async (status) => {
    const busy = json({}, status, { "retry-after": "0" });
    agent.behave(inOrder(busy, busy, json({ text: "now" })));
    expect(await run().result).toEqual({ status: "done", text: "now" });
    expect(agent.turns).toHaveLength(3);
  });

  it("is waited for no longer than a run may take, also when it is busy", async () => {
    agent.behave(json({}, 429, { "retry-after": "3600" }));
    expect(await run("x", { timeoutMs: 500 }).result).toMatchObject({ status: "failed", code: "timeout" });
  });

  it("may be repeated when nobody was there to take the turn", async () => {
    const result = await run("x", { url: "http://127.0.0.1:9/turns" }).result;
    expect(result).toMatchObject({ status: "failed", code: "provider", retryable: true });
  });

  it("cannot come later where there is no address for it", async () => {
    agent.behave(json({}, 202));
    const result = await run().result;
    expect(result).toMatchObject({ code: "config", detail: expect.stringContaining("callback_url") });
  });
});

describe("an agent that answers later", () => {
  /** The agent has accepted a turn and will call back. */
  async function accepted(value: object = {}) {
    agent.behave(json(value, 202));
    const begun = run("later", { later: true });
    await waitUntil("it is accepted", () => begun.checkpoints.at(-1)?.run?.accepted === true);
    return { ...begun, url: agent.turns[0]?.callbackUrl ?? "" };
  }

  it("answers once: its repetition is taken, another answer is refused", async () => {
    const { url, result } = await accepted();
    const done = { type: "done", text: "at last", files: [{ path: "/srv/out/a.pdf" }] };
    expect((await agent.callBack(url, { type: "progress", title: "reading" })).status).toBe(200);
    expect((await agent.callBack(url, done)).status).toBe(200);
    expect((await agent.callBack(url, done)).status).toBe(200);
    expect((await agent.callBack(url, { type: "done", text: "no, this" })).status).toBe(409);
    expect(await result).toEqual({ status: "done", text: "at last", files: [{ path: "/srv/out/a.pdf" }] });
  });

  it.each<[string, number, (url: string) => Promise<Response>]>([
    ["another key", 401, (url) => agent.callBack(url, { type: "done", text: "x" }, { key: "guessed" })],
    ["an old signature", 401, (url) => agent.callBack(url, { type: "done", text: "x" }, { at: 1 })],
    ["no signature", 401, (url) => fetch(url, { method: "POST", body: "{}" })],
    ["no JSON", 422, (url) => agent.callBack(url, Buffer.from("done"))],
    ["an unknown type", 422, (url) => agent.callBack(url, { type: "delta", text: "x" })],
    ["too much", 413, (url) => agent.callBack(url, { type: "done", text: "x".repeat(3 * 1024 * 1024) })],
    ["a GET", 405, (url) => fetch(url)],
    ["another token", 410, (url) => agent.callBack(`${url.slice(0, -1)}_`, { type: "done", text: "x" })],
    ["a bad token", 410, (url) => agent.callBack(`${url}/../x`, { type: "done", text: "x" })],
  ])("is refused with %s (%d), and nothing is taken", async (_what, status, call) => {
    const { url, result } = await accepted();
    const response = await call(url);
    expect(response.status).toBe(status);
    await agent.callBack(url, { type: "done", text: "the true one" });
    expect(await result).toEqual({ status: "done", text: "the true one" });
  });

  it("is told that nobody waits any more once the person has stopped it", async () => {
    const { url, result, turn, stop } = await accepted({ cancelUrl: "/cancel" });
    stop("user");
    expect(await result).toEqual({ status: "cancelled" });
    expect(agent.cancelled).toEqual([turn.id]);
    expect((await agent.callBack(url, { type: "done", text: "too late" })).status).toBe(410);
  });

  it("is told also when the stop met the request, and a busy one is not asked again", async () => {
    const answers: (() => void)[] = [];
    agent.behave(
      (_turn, response) => void answers.push(() => json({ cancelUrl: "/cancel" }, 202)(_turn, response)),
    );
    const begun = run("later", { later: true });
    await waitUntil("the agent has it", () => answers.length === 1);
    begun.stop("user");
    expect(await begun.result).toEqual({ status: "cancelled" });
    answers[0]?.();
    await waitUntil("it is cancelled", () => agent.cancelled.includes(begun.turn.id));

    agent.behave(
      (_turn, response) => void answers.push(() => json({}, 429, { "retry-after": "0" })(_turn, response)),
    );
    const runner = createRunner({ later: true });
    const busy = beginRun(runner, "later");
    await waitUntil("the agent has that, too", () => answers.length === 2);
    busy.stop("user");
    expect(await busy.result).toEqual({ status: "cancelled" });
    answers[1]?.();
    await runner.shutdown();
    expect(answers).toHaveLength(2);
  });

  it("is not told at an address of somebody else", async () => {
    const elsewhere = await startHttpAgent();
    const { result, stop } = await accepted({ cancelUrl: elsewhere.url.replace("/turns", "/cancel") });
    stop("user");
    expect(await result).toEqual({ status: "cancelled" });
    expect(elsewhere.cancelled).toEqual([]);
    await elsewhere.stop();
  });

  it("is cancelled when its turn was given up by a worker that is gone", async () => {
    const { url, result, turn, stop, checkpoints } = await accepted({ cancelUrl: "/cancel" });
    stop("lost");
    await result;
    const checkpoint = checkpoints.at(-1)?.run ?? {};
    await createRunner({ later: true }).abandon?.({ ...turn, checkpoint });
    expect(agent.cancelled).toEqual([turn.id]);
    expect((await agent.callBack(url, { type: "done", text: "too late" })).status).toBe(410);
  });

  it("has answered while no worker was there: the next one finds it, even past the time for it", async () => {
    const { url, stop, result, ...begun } = await accepted();
    stop("lost");
    expect(await result).toEqual({ status: "cancelled" });
    expect((await agent.callBack(url, { type: "done", text: "meanwhile" })).status).toBe(200);
    const past = { ...begun.checkpoints.at(-1)?.run, deadlineMs: 1 };
    const before = { ...begun, stop, result, checkpoints: [{ run: past }] };
    const next = beginRun(createRunner({ later: true }), "later", { after: before });
    expect(await next.result).toEqual({ status: "done", text: "meanwhile" });
    expect(agent.turns).toHaveLength(1);
  });

  it("is not sent a turn a third time that was cut off twice", async () => {
    agent.behave(() => undefined);
    const first = run("poison", { later: true });
    await waitUntil("the agent has it", () => agent.turns.length === 1);
    first.stop("lost");
    await first.result;
    const third = beginRun(createRunner({ later: true }), "poison", { after: first, attempt: 3 });
    expect(await third.result).toMatchObject({ status: "failed", code: "interrupted" });
    expect(agent.turns).toHaveLength(1);
  });
});
