import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ModelAnswer, ModelRequest } from "../../support/model-server.ts";
import { textOf } from "../../support/model-server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { beginRun } from "./contract/begin-run.ts";
import { MODEL_KEY, startOpenai } from "./openai-subject.ts";

// Retires the risk that an endpoint which misbehaves hangs a run, or that its error or half of its answer is delivered.

type Play = (request: ModelRequest, tries: number) => ModelAnswer | Promise<ModelAnswer>;

let stage: Awaited<ReturnType<typeof startOpenai>>;
let play: Play = () => ({ text: "?" });
let tries = 0;
beforeAll(async () => {
  stage = await startOpenai((request) => play(request, ++tries));
});
afterAll(() => stage.stop());

/** What a run comes to when the endpoint answers so. */
function run(answers: Play, options: Parameters<typeof stage.runner>[0] = {}) {
  play = answers;
  tries = 0;
  return beginRun(stage.runner(options), "a question in confidence");
}

const error = (status: number, body: string | object, headers: Record<string, string> = {}): ModelAnswer => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const silent: ModelAnswer = { raw: async (_stream, response) => void (await once(response, "close")) };
/** A stream of these lines, that ends without an end. */
const lines = (...all: string[]): ModelAnswer => ({
  raw(stream, response) {
    for (const line of all) stream.line(line);
    response.end();
  },
});
const cut: ModelAnswer = {
  raw(stream, response) {
    stream.delta({ content: "half an ans" });
    setTimeout(() => response.destroy(), 20);
  },
};

describe("an endpoint that fails for a while", () => {
  it.each<[string, ModelAnswer]>([
    ["an internal error", error(500, "<html>oops</html>")],
    ["overload", error(503, "")],
    ["too many requests", error(429, { error: { code: "rate_limit_exceeded" } }, { "retry-after": "0" })],
    ["a stream that is cut", cut],
    ["a stream that ends without an end", lines('{"choices":[{"delta":{"content":"half"}}]}')],
    ["garbage in the stream", lines("{nonsense")],
    ["an error in the stream", lines('{"error":{"message":"x"}}')],
    ["a model that breaks off", { text: "half", finish: "insufficient_system_resource" }],
    [
      "calls of tools in a stream that is cut",
      {
        raw(stream, response) {
          const call = { index: 0, id: "1", type: "function", function: { name: "x", arguments: '{"a' } };
          stream.delta({ tool_calls: [call] });
          setTimeout(() => response.destroy(), 20);
        },
      },
    ],
  ])("is asked again: %s", async (_name, answer) => {
    const { result, events } = run((_request, n) => (n === 1 ? answer : { text: "well again" }));
    expect(await result).toEqual({ status: "done", text: "well again" });
    expect(events).toContainEqual({ type: "busy", againInMs: expect.any(Number) });
  });

  it("is given the pause that it wants", async () => {
    const headers = { "retry-after": "1" };
    const { result, events } = run((_request, n) =>
      n === 1 ? error(429, "", headers) : { text: "well again" },
    );
    expect(await result).toMatchObject({ status: "done" });
    expect(events).toContainEqual({ type: "busy", againInMs: 1000 });
  });
});

describe("an endpoint that goes on failing", () => {
  it.each<[string, ModelAnswer, object, number]>([
    ["HTTP 500", error(500, ""), { code: "provider", retryable: true }, 5],
    ["HTTP 429", error(429, ""), { code: "rate_limit", retryable: true }, 5],
    [
      "a pause too long to wait",
      error(429, "", { "retry-after": "3600" }),
      { code: "rate_limit", retryable: true },
      1,
    ],
    [
      "no balance",
      error(429, { error: { code: "insufficient_quota" } }),
      { code: "config", retryable: false },
      1,
    ],
    ["HTTP 402", error(402, ""), { code: "config", retryable: false }, 1],
    ["a wrong key", error(401, { error: { message: MODEL_KEY } }), { code: "auth", retryable: false }, 1],
    [
      "no such model",
      error(404, { error: { code: "model_not_found" } }),
      { code: "config", retryable: false },
      1,
    ],
    [
      "a bad request",
      error(400, { error: { code: "invalid_value" } }),
      { code: "provider", retryable: false },
      1,
    ],
    [
      "a filter before",
      error(400, { error: { code: "content_filter" } }),
      { code: "refusal", retryable: false },
      1,
    ],
    ["a filter behind", { text: "half", finish: "content_filter" }, { code: "refusal", retryable: false }, 1],
    ["a cut stream", cut, { code: "provider", retryable: false }, 5],
    ["garbage", lines("{x"), { code: "protocol", retryable: false }, 5],
    [
      "a web page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<p>hi</p>" },
      { code: "protocol", retryable: false },
      1,
    ],
    [
      "no stream",
      { status: 200, headers: { "content-type": "application/json" }, body: "{}" },
      { code: "protocol", retryable: false },
      1,
    ],
    [
      "a redirect",
      { status: 302, headers: { location: "http://127.0.0.1:9/" }, body: "" },
      { code: "provider" },
      5,
    ],
    [
      "reasoning alone",
      { text: "", reasoning: "hm", finish: "length" },
      { code: "empty", retryable: false },
      1,
    ],
    ["10 MB", { text: "x".repeat(10_000_000) }, { code: "output", retryable: false }, 1],
  ])("fails in words: %s", async (_name, answer, failure, asked) => {
    const { result } = run(() => answer);
    const ended = await result;
    expect(ended).toMatchObject({
      status: "failed",
      ...failure,
      detail: expect.stringMatching(/\w+ \w+ \w+/),
    });
    expect(JSON.stringify(ended)).not.toMatch(/half|confidence|canary/);
    expect(tries).toBe(asked);
  });

  it("says in words what it cannot do at the start", async () => {
    play = () => error(401, { error: { message: "no" } });
    const problem = expect.stringMatching(/401.*key/);
    expect(await stage.runner().probe()).toEqual({ ok: false, problem });
    play = () => error(404, { error: { code: "model_not_found" } });
    expect(await stage.runner().probe()).toEqual({ ok: false, problem: expect.stringMatching(/404.*model/) });
    play = () => ({ raw: (stream) => stream.delta({ content: "po" }) });
    expect(await stage.runner().probe()).toEqual({ ok: true });
    await waitUntil("the probe has let go of its answer", () => stage.server.open() === 0);
  });
});

describe("an endpoint that is silent", () => {
  it.each<[string, ModelAnswer]>([
    ["before its header", silent],
    [
      "before its first byte",
      {
        raw(stream, response) {
          stream.open();
          response.flushHeaders();
        },
      },
    ],
    ["in the middle", { raw: (stream) => stream.delta({ content: "half an ans" }) }],
  ])("is noticed and asked again: %s", async (_name, answer) => {
    const answers: Play = (_request, n) => (n === 1 ? answer : { text: "awake" });
    expect(await run(answers, { stallMs: 200 }).result).toEqual({ status: "done", text: "awake" });
    await waitUntil("the silent request is given up", () => stage.server.open() === 0);
  });

  it("is given up in the end", async () => {
    const ended = await run(() => silent, { stallMs: 100 }).result;
    expect(ended).toMatchObject({
      status: "failed",
      code: "provider",
      detail: expect.stringMatching(/silent/),
    });
    expect(tries).toBe(2);
  });

  it("is not an endpoint that thinks: what comes in time goes on", async () => {
    const slow: ModelAnswer = {
      async raw(stream) {
        for (let beat = 0; beat < 6; beat += 1) {
          stream.delta({ reasoning_content: "hm" });
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        stream.delta({ content: "thought" }, "stop");
        stream.end();
      },
    };
    const { result, events } = run(() => slow, { stallMs: 400 });
    expect(await result).toEqual({ status: "done", text: "thought" });
    expect(events.filter(({ type }) => type === "alive").length).toBeGreaterThan(6);
  });
});

describe("an answer", () => {
  it("that the length limit cut says so", async () => {
    const { result } = run(() => ({ text: "a beginning", finish: "length" }));
    expect(await result).toEqual({ status: "done", text: "a beginning", truncated: true });
  });

  it("never has the model's reasoning in it", async () => {
    const ended = await run(() => ({ text: "42", reasoning: "secret thoughts" })).result;
    expect(ended).toEqual({ status: "done", text: "42" });
  });

  it("is asked for with the key, the model, and what WeCom is like", async () => {
    await run(() => ({ text: "ok" }), { model: "deepseek-chat", instructions: "You sell tea." }).result;
    const request = stage.server.requests.at(-1);
    expect(request).toMatchObject({
      path: "/v1/chat/completions",
      authorization: `Bearer ${MODEL_KEY}`,
      model: "deepseek-chat",
    });
    expect(request?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(request?.messages.map(textOf).join()).toMatch(/WeCom.*You sell tea\..*a question/s);
  });
});
