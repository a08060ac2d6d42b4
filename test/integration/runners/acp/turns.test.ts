import { afterEach, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../../support/wait-until.ts";
import type { AcpHarness, HarnessOptions } from "./harness.ts";
import { ownAgents, startAcp } from "./harness.ts";

let acp: AcpHarness | undefined;
afterEach(async () => {
  await acp?.stop();
  acp = undefined;
});

async function start(options?: HarnessOptions): Promise<AcpHarness> {
  acp = await startAcp(options);
  return acp;
}

const promptsOf = async ({ journal }: AcpHarness) =>
  (await journal()).flatMap(({ prompt }) => (prompt === undefined ? [] : [prompt as string[]]));

describe("a turn", () => {
  it("is answered with what the agent streamed", async () => {
    const { say } = await start();
    expect(await say("stream")).toEqual({
      status: "done",
      text: "one two three",
    });
  });

  it("tells the agent once where it is, and then only what the person says", async () => {
    const acp = await start({ config: { instructions: "You help the sales team." } });
    const first = acp.begin("echo 你好");
    await first.result;
    const session = first.checkpoints[0]?.session;
    await acp.say(
      "echo again",
      session === undefined ? {} : { turn: { session: { epoch: 0, state: session } } },
    );
    const prompts = await promptsOf(acp);
    expect(prompts.map((texts) => texts.at(-1))).toEqual(["echo 你好", "echo again"]);
    expect(prompts[0]?.[0]).toMatch(/WeCom[\s\S]*outbox[\s\S]*You help the sales team/);
    expect(prompts[1]).toHaveLength(1);
  });

  it("ends with the last thing that was said: not with remarks before a tool, not cut by a tool's late word", async () => {
    const { begin } = await start();
    const { result, events } = begin("segments");
    expect(await result).toMatchObject({ text: "It says forty-two." });
    const titles = events.flatMap((event) => (event.type === "progress" ? [event.title] : []));
    expect(titles).toEqual(["Read the file", "Step one"]);
  });

  it("has the end that comes after the end", async () => {
    const { say } = await start();
    expect(await say("late")).toMatchObject({ text: "the beginning and the end" });
  });

  it("chooses the mode in which the agent asks", async () => {
    const acp = await start({ config: { preset: "qwen" } });
    await acp.say("echo");
    expect(await acp.noted("mode")).toMatchObject({ mode: "default" });
  });

  it("gives each person a process and a place, and people in one process nothing of each other", async () => {
    const acp = await start();
    await Promise.all([acp.say("echo", { user: "a" }), acp.say("echo", { user: "b" })]);
    const made = (await acp.journal()).filter(({ new: id }) => id !== undefined);
    expect(new Set(made.map(({ pid }) => pid)).size).toBe(2);
    expect(new Set(made.map(({ cwd }) => cwd)).size).toBe(2);
    expect(JSON.stringify(made)).not.toContain("zhangsan");
  });

  it("of a background task runs beside the main one in the same process, and its session is closed", async () => {
    const acp = await start();
    const main = acp.begin("wait");
    await acp.noted("prompt");
    const ref = { corpId: "ww1", agentId: "2", userId: "zhangsan\u0000bg-1" };
    const background = { turn: { conversation: { ...ref, id: "ww1:2:zhangsan-bg-1" } } };
    expect(await acp.say("echo beside", background)).toMatchObject({ text: "echo beside" });
    main.abort("user");
    expect(await main.result).toEqual({ status: "cancelled" });
    await acp.noted("close");
    expect(new Set((await acp.journal()).map(({ pid }) => pid)).size).toBe(1);
  });
});

describe("memory", () => {
  it("a session goes on in the same process, and in a new one", async () => {
    const acp = await start({ limits: { processIdleMs: 50 } });
    const first = acp.begin("echo one");
    await first.result;
    const state = { turn: { session: { epoch: 0, state: first.checkpoints[0]?.session ?? {} } } };
    await waitUntil("the idle process is ended", async () => (await ownAgents()).length === 0);
    expect(await acp.say("echo", state)).toMatchObject({ text: "2 messages" });
    expect(await acp.noted("load")).toBeDefined();
  });

  it("a session that is lost is a new one that is told what was said", async () => {
    const acp = await start();
    const state = { agent: "custom", worker: "one", sessionId: "s-gone", madeAtMs: 0, process: "p" };
    const history = [{ user: "Who wrote Faust?", assistant: "Goethe.", atMs: 0 }];
    const result = await acp.say("echo hello", {
      turn: { session: { epoch: 0, state }, history: async () => history },
    });
    expect(result).toMatchObject({ status: "done", text: "echo hello" });
    expect((await promptsOf(acp))[0]?.[1]).toMatch(/Who wrote Faust[\s\S]*Goethe/);
  });

  it("what lies on another worker's disk is not looked for, unless it is shared", async () => {
    const one = await start();
    const first = one.begin("echo one");
    await first.result;
    await one.runner.shutdown();
    const state = { turn: { session: { epoch: 0, state: first.checkpoints[0]?.session ?? {} } } };
    for (const [shared, text] of [
      [false, "echo"],
      [true, "2 messages"],
    ] as const) {
      const two = await startAcp({ dir: one.dir, worker: { name: "two", shared } });
      const result = await two.say("echo", state);
      await two.stop();
      expect(result).toMatchObject({ text });
    }
  });
});

describe("processes", () => {
  it("are not more than the limit: the one that is idle longest makes room", async () => {
    const acp = await start({ worker: { maxProcesses: 1 } });
    await acp.say("echo", { user: "a" });
    await acp.say("echo", { user: "b" });
    expect(await ownAgents()).toHaveLength(1);
  });

  it("wait for room where all are busy", async () => {
    const acp = await start({ worker: { maxProcesses: 1 } });
    const busy = acp.begin("wait", { user: "a" });
    await acp.noted("prompt");
    const next = acp.begin("echo b", { user: "b" });
    busy.abort("user");
    expect(await next.result).toMatchObject({ text: "echo b" });
  });
});

describe("permission", () => {
  const asked = async (text: string, approve: "approved" | "denied" | "expired") => {
    const requests: unknown[] = [];
    const acp = await start();
    const result = await acp.say(text, {
      approve: async (request) => {
        requests.push(request);
        return approve;
      },
    });
    return { requests, result };
  };

  it("is asked of the person with the whole command, and given once", async () => {
    const { requests, result } = await asked("ask", "approved");
    expect(requests).toEqual([{ title: "Bash", detail: "rm -r build" }]);
    expect(result).toMatchObject({ text: "answer: yes" });
  });

  it.each(["denied", "expired"] as const)("%s is a no", async (decision) => {
    const { result } = await asked("ask", decision);
    expect(result).toMatchObject({ text: "answer: no" });
  });

  it.each(["ask cancels", "ask silently"])(
    "refused: an agent that then ends (%s) has not failed",
    async (text) => {
      const { result } = await asked(text, "denied");
      expect(result).toEqual({ status: "cancelled", denied: true });
    },
  );

  it("that waits while the run is stopped is answered: cancelled", async () => {
    const acp = await start();
    const run = acp.begin("ask", { approve: () => new Promise(() => undefined) });
    await waitUntil("the agent asks", async () =>
      (await acp.journal()).some(({ prompt }) => prompt !== undefined),
    );
    await waitUntil("the tool is told", () => run.events.some(({ type }) => type === "progress"));
    run.abort("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    expect(await acp.noted("chosen")).toMatchObject({ chosen: "cancelled" });
  });

  it("a hundred wishes are asked one after the other, and not for ever", async () => {
    const acp = await start();
    let waiting = 0;
    let most = 0;
    const approve = async () => {
      waiting += 1;
      most = Math.max(most, waiting);
      await new Promise(setImmediate);
      waiting -= 1;
      return "approved" as const;
    };
    expect(await acp.say("flock", { approve })).toMatchObject({ text: "20 of 100" });
    expect(most).toBe(1);
  });

  it("takes the person's time, not the agent's", async () => {
    const { say } = await start({ limits: { idleMs: 300, toolIdleMs: 300, hardMs: 5000 } });
    const approve = () => new Promise<"approved">((resolve) => setTimeout(resolve, 900, "approved"));
    expect(await say("ask", { approve })).toMatchObject({ status: "done", text: "answer: yes" });
  });
});
