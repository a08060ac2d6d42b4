import { readdir } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { isAlive } from "../../../support/is-alive.ts";
import { waitUntil } from "../../../support/wait-until.ts";
import type { AcpHarness, HarnessOptions } from "./harness.ts";
import { ownAgents, startAcp } from "./harness.ts";

let acp: AcpHarness | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await acp?.stop();
  acp = undefined;
});

async function start(options?: HarnessOptions): Promise<AcpHarness> {
  acp = await startAcp(options);
  return acp;
}

const ref = { corpId: "ww1", agentId: "2", userId: "zhangsan" };
const failed = (code: string, retryable = false) => ({ status: "failed", code, retryable });

describe("an agent that does not start", () => {
  it.each([
    ["is not there", { config: { command: ["/no/such/agent"] as [string] } }, "config"],
    ["ends at once", { flags: ["--fail"] }, "config"],
    ["says nothing", { flags: ["--silent"], limits: { startMs: 500 } }, "timeout"],
    ["speaks another version", { flags: ["--old"] }, "config"],
  ] satisfies [string, HarnessOptions, string][])("%s", async (_name, options, code) => {
    const { say } = await start(options);
    expect(await say("hello")).toMatchObject(failed(code));
    expect(await ownAgents()).toEqual([]);
  });

  it("has told the log why, without its key", async () => {
    const { say, lines } = await start({
      flags: ["--fail"],
      config: { env: ["AGENT_KEY"] },
      env: { AGENT_KEY: "sk-canary-0123456789" },
    });
    await say("hello");
    expect(lines.join("")).toContain("no key: [hidden]");
    expect(lines.join("")).not.toContain("sk-canary");
  });

  it("is found out by the probe", async () => {
    const { runner } = await start({ config: { command: ["/no/such/agent"] } });
    expect(await runner.probe()).toMatchObject({
      ok: false,
      problem: expect.stringContaining("/no/such/agent"),
    });
  });
});

describe("an agent that misbehaves in a turn", () => {
  let shared: AcpHarness;
  beforeAll(async () => {
    shared = await startAcp();
  });
  afterAll(() => shared.stop());

  it.each([
    ["dies in the middle of a line", "die", failed("crash")],
    ["answers ten megabytes", "big", failed("output")],
    ["floods its output", "flood", failed("output")],
    ["never ends a line", "long-line", failed("output")],
    ["says nothing", "empty", failed("empty")],
    ["will not answer this", "refuse", failed("refusal")],
    ["fails for the model's service", "error 500 Internal Server Error", failed("provider", true)],
    ["fails for a limit", "error 429 Too Many Requests", failed("rate_limit", true)],
    ["fails for its key", "error 401 invalid api key", failed("auth")],
    ["fails", "error something else", failed("agent")],
    ["answers with its error and says so", "failed-well limit", failed("rate_limit", true)],
    ["fails for its service and says so", "failed-well service", failed("provider", true)],
  ])(
    "%s: is told from an answer, and the next turn finds an agent that works",
    async (_name, text, result) => {
      const { say, lines } = shared;
      expect(await say(text)).toMatchObject(result);
      expect(lines.join("")).not.toContain("half an ans");
      expect(await say("echo next")).toMatchObject({ status: "done", text: "echo next" });
    },
  );
});

describe("an agent that", () => {
  it("prints what is no protocol is understood, and the worker's own output stays clean", async () => {
    const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const { say } = await start();
    expect(await say("junk")).toMatchObject({ status: "done", text: "sane" });
    expect(printed).not.toHaveBeenCalled();
  });

  it("writes invalid UTF-8 is understood", async () => {
    const { say } = await start();
    expect(await say("utf8")).toMatchObject({ text: "a\ufffd\ufffdb" });
  });

  it.each([
    ["hang", "idle"],
    ["hang-tool", "idle"],
  ])("does nothing for too long (%s) is stopped", async (text, code) => {
    const { say } = await start({ limits: { idleMs: 200, toolIdleMs: 400, hardMs: 60_000 } });
    expect(await say(text)).toMatchObject(failed(code));
  });

  it("reads nothing any more is stopped all the same, though it cannot be told", async () => {
    const { say } = await start({ limits: { idleMs: 200 } });
    expect(await say("deaf")).toMatchObject(failed("idle"));
  });

  it("asks without end and hears no answer is stopped before its questions fill the worker's memory", async () => {
    const { say } = await start();
    expect(await say("nag")).toMatchObject({
      ...failed("output"),
      detail: expect.stringContaining("more than 1000 requests"),
    });
  });

  it("never says that it has closed a background session is there for the next turn", async () => {
    const { say } = await start({ flags: ["--no-close"] });
    const conversation = { ...ref, userId: `${ref.userId}\u0000bg-1`, id: "ww1:2:zhangsan-bg-1" };
    expect(await say("echo beside", { turn: { conversation } })).toMatchObject({ text: "echo beside" });
    expect(await say("echo main")).toMatchObject({ text: "echo main" });
  });

  it("takes too long in all is stopped", async () => {
    const { say } = await start({ limits: { hardMs: 300 } });
    expect(await say("hang")).toMatchObject(failed("timeout"));
  });

  it("leaves other people's alone when it dies", async () => {
    const { say, begin, noted } = await start();
    const other = begin("wait", { user: "other" });
    await noted("prompt");
    expect(await say("die")).toMatchObject(failed("crash"));
    other.abort("user");
    expect(await other.result).toEqual({ status: "cancelled" });
  });
});

describe("a stop", () => {
  it("ends the prompt and leaves the agent for the next one", async () => {
    const acp = await start();
    const run = acp.begin("wait");
    await acp.noted("prompt");
    run.abort("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    expect(await acp.noted("cancel")).toBeDefined();
    const [pid] = await ownAgents();
    await acp.say("echo next");
    expect(await ownAgents()).toEqual([pid]);
  });

  it("is over within a second for the person, however stubborn the agent; the next turn waits until it is gone", async () => {
    const acp = await start({ flags: ["--stubborn"] });
    const run = acp.begin("hang");
    await acp.noted("prompt");
    const [pid = 0] = await ownAgents();
    const abortedAt = performance.now();
    run.abort("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    expect(performance.now() - abortedAt).toBeLessThan(3000);
    expect(await acp.say("echo next")).toMatchObject({ text: "echo next" });
    expect(isAlive(pid)).toBe(false);
  });

  it("in the middle of a tool leaves no tool", async () => {
    const acp = await start({ flags: ["--stubborn"] });
    const run = acp.begin("wait-tool");
    const { started } = await acp.noted("started");
    run.abort("shutdown");
    expect(await run.result).toEqual({ status: "cancelled" });
    await acp.runner.shutdown();
    expect(isAlive(Number(started))).toBe(false);
  });

  it("of the worker ends agents that never end themselves, and what they have cut loose", async () => {
    const acp = await start({ flags: ["--stubborn"] });
    const result = await acp.say("daemon");
    const daemon = Number(result.status === "done" ? result.text : "");
    expect(isAlive(daemon)).toBe(true);
    await acp.runner.shutdown();
    expect(isAlive(daemon)).toBe(false);
  });

  it("while the agent starts leaves nothing", async () => {
    const acp = await start({ flags: ["--silent"] });
    const run = acp.begin("hello");
    await waitUntil("it starts", async () => (await ownAgents()).length > 0);
    run.abort("user");
    expect(await run.result).toEqual({ status: "cancelled" });
  });
});

describe("files", () => {
  it("go out from the outbox, of which the answer tells", async () => {
    const { say } = await start();
    const result = await say("file");
    expect(result).toMatchObject({ status: "done" });
    const [outbox = ""] = (result.status === "done" && result.dirs) || [];
    expect(await readdir(outbox)).toEqual(["report.csv"]);
  });

  it("a person keeps more than they may: the agent is not started, and the operator is told what to do", async () => {
    const { say } = await start({ worker: { limitBytes: 1_000_000 } });
    expect(await say("keep 2000000")).toMatchObject({ status: "done" });
    expect(await say("echo")).toMatchObject({
      ...failed("config"),
      detail: expect.stringContaining("AGENT_WORKSPACE_LIMIT_MB"),
    });
  });
});
