import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Exchange } from "@gateway/conversation";
import { createExchange } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Attachment, TurnResult } from "../../../services/worker/src/runners/runner.ts";
import type { ModelAnswer, ModelRequest } from "../../support/model-server.ts";
import { textOf } from "../../support/model-server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { beginRun } from "./contract/begin-run.ts";
import { startOpenai, toolServer } from "./openai-subject.ts";

// Retires the risk that a long conversation fails for its length, or that its beginning is lost without a word.

let stage: Awaited<ReturnType<typeof startOpenai>>;
let say: (request: ModelRequest) => ModelAnswer | Promise<ModelAnswer> = () => ({ text: "?" });
beforeAll(async () => {
  stage = await startOpenai((request) => say(request));
});
afterAll(() => stage.stop());

const systemOf = (request: ModelRequest | undefined) => textOf(request?.messages[0]);
const isSummary = (request: ModelRequest) => systemOf(request).startsWith("You compress");
const sizeOf = ({ messages }: ModelRequest) => JSON.stringify(messages).length;

/** A conversation of so many exchanges, each of about 600 tokens. */
function historyOf(count: number): Exchange[] {
  return Array.from({ length: count }, (_, index) =>
    createExchange(`question ${index} ${"q".repeat(900)}`, `answer ${index} ${"a".repeat(900)}`, {
      atMs: index,
      turnId: `re-${index}`,
    }),
  );
}

function remembered(result: TurnResult, turnId: string, user = "a question"): Exchange {
  if (result.status !== "done") throw new Error(JSON.stringify(result));
  const memory = result.memory === undefined ? undefined : { of: "openai", state: result.memory };
  return createExchange(user, result.text, { atMs: 1000, turnId }, memory);
}

describe("a long conversation", () => {
  it("is summed up before it is too long, and the summary is remembered with the turn", async () => {
    say = (request) => (isSummary(request) ? { text: "They sell tea." } : { text: "an answer" });
    const runner = stage.runner({ contextTokens: 8000 });
    const history = historyOf(20);
    const from = stage.server.requests.length;
    const result = await beginRun(runner, "a question", { history }).result;
    const [asked, answered, ...more] = stage.server.requests.slice(from);
    expect(more).toEqual([]);
    expect(asked && isSummary(asked)).toBe(true);
    expect(textOf(asked?.messages[1])).toMatch(/question 0 .*answer 1 /s);
    expect(systemOf(answered)).toMatch(/They sell tea\.$/);
    // A third of the context stays as it was said; the latest is among it.
    expect(answered?.messages.map(textOf).join()).toMatch(/answer 19 .*a question$/s);
    expect(answered && sizeOf(answered)).toBeLessThan(8000 * 3);

    const next = [...history, remembered(result, "re-20")];
    await beginRun(runner, "the next", { history: next }).result;
    const last = stage.server.requests.at(-1);
    expect(stage.server.requests).toHaveLength(from + 3);
    expect(systemOf(last)).toMatch(/They sell tea\.$/);
    expect(last?.messages.map(textOf).join()).not.toContain("question 0 ");

    // What was undone takes its summary with it.
    say = (request) => (isSummary(request) ? { text: "Another summary." } : { text: "an answer" });
    await beginRun(runner, "after undo", { history }).result;
    expect(systemOf(stage.server.requests.at(-1))).toMatch(/Another summary\.$/);
  });

  it("is summed up before its beginning falls off the list, however short it is", async () => {
    say = (request) => (isSummary(request) ? { text: "Small talk." } : { text: "an answer" });
    const history = Array.from({ length: 45 }, (_, index) =>
      createExchange("hi", "hi", { atMs: index, turnId: `re-${index}` }),
    );
    const result = await beginRun(stage.runner(), "a question", { history }).result;
    expect(result).toMatchObject({ memory: { summary: { text: "Small talk." } } });
  });

  it("goes on where no summary can be made, and says that something is missing", async () => {
    say = (request) => (isSummary(request) ? { status: 400, body: "{}" } : { text: "an answer" });
    const runner = stage.runner({ contextTokens: 8000 });
    expect(await beginRun(runner, "a question", { history: historyOf(20) }).result).toMatchObject({
      status: "done",
    });
    const last = stage.server.requests.at(-1);
    expect(systemOf(last)).toMatch(/left out\.\]$/);
  });

  it("is made shorter when the endpoint says that it is too long", async () => {
    let refused = 0;
    say = (request) => {
      if (isSummary(request)) return { text: "Short." };
      if (sizeOf(request) < 20_000) return { text: "an answer" };
      refused += 1;
      const error = { code: "context_length_exceeded", message: "maximum context length is 5000 tokens" };
      return { status: 400, body: JSON.stringify({ error }) };
    };
    const result = await beginRun(stage.runner({ contextTokens: 30_000 }), "a question", {
      history: historyOf(20),
    }).result;
    expect(result).toMatchObject({ status: "done", text: "an answer" });
    expect(refused).toBe(1);
  });
});

describe("a long run", () => {
  it("leaves out old results, then sums up its own steps, and keeps the question", async () => {
    let calls = 0;
    say = (request) => {
      if (isSummary(request)) return { text: `Looked up ${calls} times.` };
      calls += 1;
      return calls > 8 ? { text: "done" } : { calls: [{ name: "desk_flood" }] };
    };
    const runner = stage.runner({ contextTokens: 30_000, mcpServers: [toolServer()] });
    const from = stage.server.requests.length;
    const result = await beginRun(runner, "the question").result;
    expect(result).toMatchObject({ status: "done", text: "done" });
    const requests = stage.server.requests.slice(from);
    for (const request of requests)
      expect(Buffer.byteLength(JSON.stringify(request.messages))).toBeLessThan(130_000);
    expect(requests.some(isSummary)).toBe(true);
    for (const { messages } of requests.filter((one) => !isSummary(one)))
      expect(messages.map(textOf)).toContain("the question");
    const memory = result.status === "done" ? JSON.stringify(result.memory) : "";
    expect(Buffer.byteLength(memory)).toBeLessThan(32 * 1024);
    await runner.shutdown();
  });
});

describe("pictures", () => {
  async function run(images: boolean) {
    const path = join(stage.tools.folder, "picture.png");
    const content = randomBytes(100);
    await writeFile(path, content);
    const picture: Attachment = { kind: "image", path, name: "a.png", mime: "image/png", sizeBytes: 100 };
    const gone: Attachment = { ...picture, path: "/nowhere.png" };
    say = () => ({ text: "seen" });
    const runner = stage.runner({ images });
    const shown = {
      ...runner,
      run: ((turn, io) => runner.run({ ...turn, attachments: [picture, gone] }, io)) as typeof runner.run,
    };
    await beginRun(shown, "what is it?").result;
    return { content, asked: stage.server.requests.at(-1)?.messages.at(-1)?.content };
  }

  it("are shown to a model that can see", async () => {
    const { content, asked } = await run(true);
    expect(asked).toEqual([
      { type: "text", text: "what is it?" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${content.toString("base64")}` } },
    ]);
  });

  it("are not shown to one that cannot", async () => {
    expect((await run(false)).asked).toBe("what is it?");
  });
});

describe("what the person adds", () => {
  it("is seen in the next step; what comes behind the last one is left", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()] });
    const from = stage.server.requests.length;
    let hasAdded = false;
    let isFree = false;
    let hasBegun = false;
    say = async ({ messages }) => {
      if (!messages.some(({ role }) => role === "tool")) {
        await waitUntil("something was added", () => hasAdded);
        return { calls: [{ name: "desk_lookup" }] };
      }
      hasBegun = true;
      await waitUntil("the test goes on", () => isFree);
      return { text: messages.slice(2).map(textOf).join(" | ") };
    };
    const run = beginRun(runner, "a question");
    await waitUntil("the first step has begun", () => stage.server.requests.length > from);
    expect(await run.steer?.("first addition")).toBe(true);
    hasAdded = true;
    await waitUntil("the last step has begun", () => hasBegun);
    expect(await run.steer?.("too late")).toBe(true);
    isFree = true;
    expect(await run.result).toMatchObject({
      status: "done",
      text: expect.stringMatching(/found .*first addition$/),
      untaken: 1,
    });
    expect(await run.steer?.("after the end")).toBe(false);
    await runner.shutdown();
  });
});
