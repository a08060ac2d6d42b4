import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createToolServer } from "../../../services/worker/src/runners/openai/tools/tool-server.ts";
import { startHttpToolServer } from "../../support/http-tool-server.ts";
import { isAlive } from "../../support/is-alive.ts";
import type { ModelAnswer, ModelRequest } from "../../support/model-server.ts";
import { textOf } from "../../support/model-server.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { RunOptions } from "./contract/begin-run.ts";
import { beginRun } from "./contract/begin-run.ts";
import { createToolFolder, startOpenai, toolServer } from "./openai-subject.ts";

// Retires the risk that a tool hangs a run, floods a model, acts without being allowed, or acts twice.

type Say = (results: readonly string[], request: ModelRequest) => ModelAnswer;

let stage: Awaited<ReturnType<typeof startOpenai>>;
let say: Say = () => ({ text: "?" });
beforeAll(async () => {
  stage = await startOpenai((request) => {
    const results = request.messages.filter(({ role }) => role === "tool").map(textOf);
    return say(results, request);
  });
});
afterAll(() => stage.stop());

const call = (name: string, args: object | string = {}): ModelAnswer => ({ calls: [{ name, args }] });
/** The model makes these calls one step at a time, then tells what came of them. */
const thenTell =
  (...answers: ModelAnswer[]): Say =>
  (results) =>
    answers[results.length] ?? { text: results.join(" | ") };

function run(play: Say, runner: ReturnType<typeof stage.runner>, options: RunOptions = {}) {
  say = play;
  return beginRun(runner, "do it", options);
}

describe("tools", () => {
  it("of a program are called, and their results are read", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()] });
    const play = thenTell(call("desk_lookup", { text: "tea" }), call("desk_note", { text: "green" }));
    const { result, events, checkpoints } = run(play, runner);
    expect(await result).toMatchObject({ status: "done", text: "found tea | noted green" });
    expect(events.filter(({ type }) => type === "progress")).toEqual([
      { type: "progress", title: "desk: Look up" },
      { type: "progress", title: "desk: Take a note" },
    ]);
    // What takes effect is written down before; what only reads is not.
    const steps = checkpoints.map(({ step }) => step?.state.type);
    expect(steps).toEqual(["input", "said", "result", "said", "begun", "result"]);
    await runner.shutdown();
    await waitUntil("its server has ended", async () => (await stage.tools.alive()) === 0);
  });

  it("of a server elsewhere are called with its headers", async () => {
    const server = await startHttpToolServer(stage.tools.folder, "canary-of-the-tools");
    const { approve, timeoutMs } = toolServer();
    const at = (token: string) => ({
      ...{ name: "web", url: server.url, approve, timeoutMs },
      headers: { Authorization: `Bearer ${token}` },
    });
    const runner = stage.runner({ mcpServers: [at("canary-of-the-tools")] });
    expect(await runner.probe()).toEqual({ ok: true });
    const { result } = run(thenTell(call("web_lookup", { text: "tea" })), runner);
    expect(await result).toMatchObject({ status: "done", text: "found tea" });

    const stranger = stage.runner({ mcpServers: [at("wrong-token")] });
    expect(await stranger.probe()).toEqual({ ok: false, problem: expect.stringMatching(/"web".*headers/) });
    await server.close();
  });

  it.each<[string, ModelAnswer, RegExp]>([
    ["fails", call("desk_fail"), /^no such customer$/],
    ["is not there", call("desk_nothing"), /no tool "desk_nothing"/],
    ["gets no arguments", call("desk_lookup", "{broken"), /no JSON object/],
    ["gets a list", call("desk_lookup", "[1]"), /no JSON object/],
    ["ends its server", call("desk_die"), /\w/],
    ["floods", call("desk_flood"), /^begin 字+.*bytes left out.*字 end$/su],
  ])("that %s is a result that the model reads", async (_name, first, expected) => {
    const runner = stage.runner({ mcpServers: [toolServer()] });
    const ended = await run(thenTell(first, call("desk_lookup", { text: "tea" })), runner).result;
    const [said = "", after] = ended.status === "done" ? ended.text.split(" | ") : [JSON.stringify(ended)];
    expect(said).toMatch(expected);
    expect(Buffer.byteLength(said)).toBeLessThan(34_000);
    expect(after).toBe("found tea");
    await runner.shutdown();
  });

  it("that hang are given up in time", async () => {
    const runner = stage.runner({ mcpServers: [toolServer({ timeoutMs: 300 })] });
    const { result } = run(thenTell(call("desk_hang")), runner);
    expect(await result).toMatchObject({
      status: "done",
      text: expect.stringMatching(/No result within 0.3 s/),
    });
    await runner.shutdown();
  });

  it("end with a run that is stopped", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()] });
    const { result, events, stop } = run(thenTell(call("desk_hang")), runner);
    await waitUntil("it hangs", () => events.some(({ type }) => type === "progress"));
    stop("user");
    expect(await result).toEqual({ status: "cancelled" });
    await runner.shutdown();
  });

  it("see nothing of the environment but what the operator named", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()] });
    const ended = await run(thenTell(call("desk_env")), runner).result;
    expect(ended).toMatchObject({ status: "done", text: "PATH,TOOLS_DIR" });
    await runner.shutdown();
  });

  it("that end and have printed a key that they were given leave it out of the log", async () => {
    const key = "canary-of-the-tool-server";
    const runner = stage.runner({ mcpServers: [toolServer()] }, { TOOLS_KEY: key });
    await run(thenTell(call("desk_die")), runner).result;
    await waitUntil("its end is told", () => stage.logs().includes("a word on stderr, and a key: [hidden]"));
    expect(stage.logs()).not.toContain(key);
    await runner.shutdown();
  });

  it("leave no process behind, however stubborn", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()] }, { TOOLS_STUBBORN: "1" });
    await run(thenTell(call("desk_lookup")), runner).result;
    expect(await stage.tools.alive()).toBe(1);
    await runner.shutdown();
    expect(await stage.tools.alive()).toBe(0);
  });

  it("that are not to be had are said so at the start, and a turn goes without them", async () => {
    const gone = toolServer({ name: "gone", command: ["/no/such/server"], env: [] });
    const runner = stage.runner({ mcpServers: [gone, toolServer()] });
    expect(await runner.probe()).toEqual({
      ok: false,
      problem: expect.stringMatching(/"gone".*\/no\/such\/server/),
    });
    const { result } = run(thenTell(call("desk_lookup", { text: "tea" })), runner);
    expect(await result).toMatchObject({ status: "done", text: "found tea" });
    expect(textOf(stage.server.requests.at(-1)?.messages[0])).toMatch(/tools of gone cannot be reached/);
    await runner.shutdown();
  });
});

describe("a server of tools", () => {
  it("that fails two turns at once is started anew once, and none is left behind", async () => {
    const tools = await createToolFolder();
    const env = { PATH: process.env.PATH, TOOLS_DIR: tools.folder };
    const server = createToolServer(toolServer(), { logger: pino({ level: "silent" }), env });
    const listed = await server.list();
    const [pid = 0] = await tools.pids();
    await tools.break(pid);
    const again = await Promise.all([server.list(), server.list(), server.list()]);
    // Turns share what they know of tools that are the same.
    for (const list of again) expect(list).toBe(listed);
    await waitUntil("the broken one has ended", () => !isAlive(pid));
    expect(await tools.alive()).toBe(1);
    await server.close();
    await waitUntil("none is left", async () => (await tools.alive()) === 0);
    await tools.remove();
  });
});

describe("the limit of steps", () => {
  it("makes the model conclude", async () => {
    const runner = stage.runner({ mcpServers: [toolServer()], maxSteps: 3 });
    const { result } = run(
      (results, { toolChoice }) =>
        toolChoice === "none" ? { text: `after ${results.length}` } : call("desk_lookup"),
      runner,
    );
    expect(await result).toMatchObject({ status: "done", text: "after 2" });
    const stubborn = run(() => call("desk_lookup"), runner);
    expect(await stubborn.result).toMatchObject({ status: "failed", code: "agent", retryable: false });
    await runner.shutdown();
  });
});

describe("approvals", () => {
  it.each([
    ["always", ["desk_lookup", "desk_note"]],
    ["never", []],
    ["writes", ["desk_note"]],
    [["lookup"], ["desk_lookup"]],
  ] as const)("are asked for by the operator's wish: %j", async (approve, asked) => {
    const runner = stage.runner({ mcpServers: [toolServer({ approve })] });
    const play = thenTell(call("desk_lookup", { text: "tea" }), call("desk_note", { text: "tea" }));
    const ended = run(play, runner, { decision: "approved" });
    expect(await ended.result).toMatchObject({ status: "done", text: "found tea | noted tea" });
    const titles = { desk_lookup: "desk: Look up", desk_note: "desk: Take a note" };
    expect(ended.asked.map(({ title }) => title)).toEqual(asked.map((name) => titles[name]));
    for (const { detail } of ended.asked) expect(detail).toContain('"text": "tea"');
    await runner.shutdown();
  });

  it("that are denied keep the tool from acting", async () => {
    const before = await stage.tools.calls();
    const runner = stage.runner({ mcpServers: [toolServer({ approve: "always" })] });
    const { result } = run(thenTell(call("desk_note", { text: "no" })), runner, { decision: "denied" });
    expect(await result).toMatchObject({ text: expect.stringMatching(/did not allow/) });
    expect(await stage.tools.calls()).toEqual(before);
    await runner.shutdown();
  });
});

describe("a further attempt", () => {
  it("does nothing twice: what had its result, what was cut off, what was never begun", async () => {
    const before = (await stage.tools.calls()).length;
    const mcpServers = [toolServer()];
    const play = thenTell(call("desk_note", { text: "one" }), {
      calls: [{ name: "desk_slow" }, { name: "desk_note", args: { text: "two" } }],
    });
    const first = run(play, stage.runner({ mcpServers }));
    await waitUntil("the slow one is at it", async () => (await stage.tools.calls()).includes("slow "));
    first.stop("lost");
    expect(await first.result).toEqual({ status: "cancelled" });
    const second = run(play, stage.runner({ mcpServers }), { after: first });
    const ended = await second.result;
    expect(ended).toMatchObject({
      status: "done",
      text: expect.stringMatching(/^noted one \| .*may or may not have taken effect.* \| noted two$/),
    });
    expect((await stage.tools.calls()).slice(before)).toEqual(["note one", "slow ", "note two"]);
  });

  it("does again what only reads", async () => {
    const mcpServers = [toolServer()];
    const play = thenTell(call("desk_peek"));
    const first = run(play, stage.runner({ mcpServers }));
    await waitUntil("it is at it", async () => (await stage.tools.calls()).includes("peek "));
    first.stop("shutdown");
    expect(await first.result).toEqual({ status: "cancelled" });
    await stage.tools.free();
    const second = run(play, stage.runner({ mcpServers }), { after: first, attempt: 1 });
    expect(await second.result).toMatchObject({ status: "done", text: "peek done" });
  });
});
