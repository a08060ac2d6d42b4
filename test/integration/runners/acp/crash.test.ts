import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { AcpHarness, Begun, HarnessOptions } from "./harness.ts";
import { startAcp } from "./harness.ts";

// What a second attempt does after the first one's worker, and with it the agent, has died.

let started: AcpHarness[] = [];
afterEach(async () => {
  const [first, ...later] = started;
  started = [];
  for (const harness of later) await harness.stop();
  await first?.stop();
});

async function start(options?: HarnessOptions): Promise<AcpHarness> {
  const harness = await startAcp(options);
  started.push(harness);
  return harness;
}

/** The turn as the next worker gets it. */
function again({ checkpoints }: Begun) {
  const run = checkpoints.map((checkpoint) => checkpoint.run).findLast((state) => state !== undefined);
  const state = checkpoints.map(({ session }) => session).findLast((one) => one !== undefined);
  return {
    turn: {
      attempt: 2,
      ...(run === undefined ? {} : { checkpoint: run }),
      session: { epoch: 0, ...(state === undefined ? {} : { state }) },
    },
  };
}

async function cutOff(text: string, until: string, options?: HarnessOptions) {
  const one = await start(options);
  const run = one.begin(text);
  await one.noted(until);
  run.abort("shutdown");
  await run.result;
  await one.runner.shutdown();
  return { one, run };
}

const promptsOf = async ({ journal }: AcpHarness) =>
  (await journal()).flatMap(({ prompt }) => (prompt === undefined ? [] : [(prompt as string[]).at(-1)]));

describe("a turn that was cut off", () => {
  it("goes on in its session, and the message is not sent again", async () => {
    const { one, run } = await cutOff("deed", "deed");
    const two = await start({ dir: one.dir });
    expect(await two.say("deed", again(run))).toMatchObject({ status: "done", text: "continued: deed" });
    const prompts = await promptsOf(two);
    expect(prompts.filter((text) => text === "deed")).toHaveLength(1);
    expect(prompts.at(-1)).toMatch(/^\[gateway\] You were cut off/);
  });

  it("after the agent has acted, and without its session: is not begun again", async () => {
    const { one, run } = await cutOff("deed", "deed", { flags: ["--forgetful"] });
    expect(run.checkpoints.at(-1)?.run).toMatchObject({ acted: true });
    const two = await start({ dir: one.dir, flags: ["--forgetful"] });
    expect(await two.say("deed", again(run))).toMatchObject({
      status: "failed",
      code: "interrupted",
      retryable: false,
    });
    expect(await promptsOf(two)).toEqual(["deed"]);
  });

  it("before the agent has acted, and without its session: begins again, with what was said before", async () => {
    const { one, run } = await cutOff("deed read", "deed", { flags: ["--forgetful"] });
    expect(run.checkpoints.at(-1)?.run).toMatchObject({ acted: false });
    const two = await start({ dir: one.dir, flags: ["--forgetful"] });
    const { turn } = again(run);
    const history = [{ user: "before", assistant: "that", atMs: 0 }];
    const next = two.begin("echo once more", { turn: { ...turn, history: async () => history } });
    expect(await next.result).toMatchObject({ text: "echo once more" });
  });

  it("before its message was sent: it is sent", async () => {
    const one = await start();
    const run = one.begin("echo hello", {});
    await run.result;
    // Stored before the prompt, of a session in which nobody has said anything yet.
    const made = (await one.journal()).find(({ new: id }) => id !== undefined);
    await one.runner.shutdown();
    const home = String(made?.cwd).replace(/work$/, "home");
    await writeFile(`${home}/.scripted-agent/${String(made?.new)}.json`, "[]");
    const two = await start({ dir: one.dir });
    expect(await two.say("echo hello", again(run))).toMatchObject({ text: "echo hello" });
  });

  it("on another worker's disk: not begun again if it had acted", async () => {
    const { one, run } = await cutOff("deed", "deed");
    const two = await start({ dir: one.dir, worker: { name: "two" } });
    expect(await two.say("deed", again(run))).toMatchObject({ code: "interrupted" });
  });
});
