import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../../support/wait-until.ts";
import type { AcpHarness, HarnessOptions } from "./harness.ts";
import { ownAgents, startAcp } from "./harness.ts";
import { installCodexAcp } from "./install-agent.ts";
import type { ModelServer } from "./model-server.ts";
import { startModelServer } from "./model-server.ts";

// A published agent (Codex, by codex-acp of Zed) with a scripted model behind it, and no network.

let program: string;
let model: ModelServer;
let dir: string;
let acp: AcpHarness;

beforeAll(async () => {
  program = await installCodexAcp();
  model = await startModelServer();
  dir = await mkdtemp(join(tmpdir(), "gateway-codex-"));
  await mkdir(join(dir, "template", ".codex"), { recursive: true });
  await writeFile(join(dir, "template", ".codex", "config.toml"), codexSettings(model.url));
  await chmod(dir, 0o711);
}, 360_000);
afterEach(() => acp?.stop());
afterAll(async () => {
  await model?.close();
  await rm(dir, { recursive: true, force: true });
});

function codexSettings(url: string): string {
  return `
model = "scripted"
model_provider = "scripted"
approval_policy = "untrusted"
sandbox_mode = "danger-full-access"
[model_providers.scripted]
name = "scripted"
base_url = "${url}"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 0
stream_max_retries = 0
stream_idle_timeout_ms = 1500
`;
}

async function start(options: HarnessOptions = {}): Promise<AcpHarness> {
  acp = await startAcp({
    ...{ dir, env: { OPENAI_API_KEY: "sk-scripted" }, ...options },
    config: { preset: "codex", command: [program], homeTemplate: join(dir, "template"), ...options.config },
  });
  return acp;
}

const isAsked = (said: string) => waitUntil(`the model is asked ${said}`, () => model.asked.includes(said));

describe("Codex", () => {
  it("answers", async () => {
    const { say } = await start();
    expect(await say("hello")).toMatchObject({ status: "done", text: "model: hello" });
  });

  it.each([
    ["approved", /it said .*done-42/],
    ["denied", undefined],
    ["expired", undefined],
  ] as const)("asks before it runs a command: %s", async (decision, text) => {
    const requests: { title: string; detail: string }[] = [];
    const { say } = await start();
    const command = `touch ran-${decision} && echo done-$((40+2))`;
    const result = await say(`run ${command}`, {
      approve: async (request) => {
        requests.push(request);
        return decision;
      },
    });
    expect(requests).toHaveLength(1);
    expect(`${requests[0]?.title} ${requests[0]?.detail}`).toContain(command);
    if (text === undefined) expect(result).toEqual({ status: "cancelled", denied: true });
    else expect(result).toMatchObject({ status: "done", text: expect.stringMatching(text) });
  });

  it("is stopped in the middle of a stream, and goes on with the next turn", async () => {
    const { begin, say } = await start();
    const run = begin("hold");
    await isAsked("hold");
    run.abort("user");
    expect(await run.result).toEqual({ status: "cancelled" });
    expect(await say("after the stop")).toMatchObject({ text: "model: after the stop" });
  });

  it("is stopped in the middle of a tool, which ends with it", async () => {
    const { begin, runner } = await start();
    const run = begin("run sleep 987");
    await waitUntil("the tool runs", async () => (await ownAgents()).length > 1);
    run.abort("shutdown");
    expect(await run.result).toEqual({ status: "cancelled" });
    await runner.shutdown();
    expect(await ownAgents()).toEqual([]);
  });

  it("is killed in the middle of a turn, and goes on without getting the message again", async () => {
    const one = await start();
    const run = one.begin("hold");
    const before = model.asked.length;
    await waitUntil("the model is asked", () => model.asked.length > before);
    for (const pid of await ownAgents()) process.kill(pid, "SIGKILL");
    expect(await run.result).toMatchObject({ status: "failed", code: "crash" });
    await one.stop();
    const two = await start();
    const stored = {
      checkpoint: run.checkpoints[0]?.run ?? {},
      session: { epoch: 0, state: run.checkpoints[0]?.session ?? {} },
    };
    const result = await two.say("hold", { turn: { attempt: 2, ...stored } });
    expect(result).toMatchObject({ status: "done", text: expect.stringContaining("You were cut off") });
    expect(model.asked.slice(before).filter((said) => said === "hold")).toHaveLength(1);
  });

  it.each([
    ["status 500", 20_000],
    ["status 429", 20_000],
    // Only the worker ends that.
    ["stall", 8000],
    ["cut", 20_000],
  ])("has a model that fails: %s", async (text, idleMs) => {
    const { say } = await start({ limits: { idleMs } });
    const result = await say(text);
    expect(result).toMatchObject({ status: "failed" });
    expect(["provider", "rate_limit", "idle", "agent"]).toContain(result.status === "failed" && result.code);
    expect(await say("still there")).toMatchObject({ text: "model: still there" });
  });
});
