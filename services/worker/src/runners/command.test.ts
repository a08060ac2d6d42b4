import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { InboundMessage } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { createCommandRunner } from "./command.ts";
import type { Turn, TurnIO } from "./runner.ts";

const logger = pino({ level: "silent" });
const io = (signal: AbortSignal): TurnIO => ({
  signal,
  emit: () => undefined,
  approve: async () => "denied",
  onSteer: () => undefined,
  checkpoint: async () => undefined,
});

function turn(text: string): Turn {
  const message: InboundMessage = {
    v: 1,
    id: "cb-ww1-2-00123-7",
    appName: "app",
    corpId: "ww1",
    agentId: "2",
    userId: "00123",
    receivedAtMs: 0,
    message: {
      kind: "text",
      content: text,
      msgId: "7",
      toUserName: "ww1",
      fromUserName: "00123",
      createTime: 0,
      agentId: "2",
    },
  };
  const conversation = { corpId: "ww1", agentId: "2", userId: "00123", id: "ww1:2:00123" };
  return {
    id: "re-1",
    attempt: 1,
    conversation,
    appName: "app",
    messages: [message],
    text,
    session: { epoch: 0 },
    history: () => Promise.reject(new Error("nobody reads it")),
    attachments: [],
    steps: [],
  };
}

interface Options {
  readonly timeoutMs?: number;
  readonly env?: string[];
  readonly output?: "text" | "json";
}

function runner(script: string, options: Options = {}) {
  return createCommandRunner(
    {
      kind: "command",
      command: [process.execPath, "-e", script],
      output: options.output ?? "text",
      timeoutMs: options.timeoutMs ?? 30_000,
      env: options.env ?? [],
    },
    { logger, env: { PATH: process.env.PATH, WECOM_CALLBACK_CORP_SECRET: "canary", CHOSEN: "yes" } },
  );
}

const run = (script: string, text = "hi", options: Parameters<typeof runner>[1] = {}) =>
  runner(script, options).run(turn(text), io(new AbortController().signal));

async function waitFor<T>(probe: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    await delay(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("command runner", () => {
  it("gives the text on stdin and the context as JSON, and takes the reply from stdout", async () => {
    const script = `process.stdin.on("data", (d) => { const m = JSON.parse(process.env.GATEWAY_MESSAGE);
      console.log([d, m.userId, m.corpId, m.conversationId, m.messageType, m.messageId].join("|")); })`;
    expect(await run(script, "你好 👋")).toEqual({
      status: "done",
      text: "你好 👋|00123|ww1|ww1:2:00123|text|cb-ww1-2-00123-7",
    });
  });

  it("passes on nothing of the gateway's environment but what the operator named", async () => {
    const script = "console.log(Object.keys(process.env).sort().join())";
    const result = await run(script, "", { env: ["CHOSEN"] });
    expect(result).toEqual({ status: "done", text: "CHOSEN,GATEWAY_MESSAGE,PATH" });
  });

  it.each([
    ["process.exit(3)", "agent", "exit code 3"],
    ["process.kill(process.pid, 'SIGKILL')", "agent", "signal SIGKILL"],
    ["", "empty", "printed nothing"],
    ["for (;;) require('fs').writeSync(1, 'x'.repeat(65536))", "output", "bytes"],
  ])("reports %s as a failed run", async (script, code, detail) => {
    expect(await run(script)).toMatchObject({
      status: "failed",
      code,
      retryable: false,
      detail: expect.stringContaining(detail),
    });
  });

  // A service manager that stops a worker tells every process of it to end, agents included and before the drain is over.
  it.each([
    ["a program without a handler", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"],
    ["a program that ends in good order", "process.exit(143)"],
  ])("has a run that others told to end tried again: %s", async (_which, script) => {
    expect(await run(script)).toMatchObject({ status: "failed", code: "agent", retryable: true });
  });

  it("reports a program that does not exist, at probe and at run", async () => {
    const missing = createCommandRunner(
      { kind: "command", command: ["/no/such/program"], output: "text", timeoutMs: 1000, env: [] },
      { logger, env: {} },
    );
    expect(await missing.probe()).toMatchObject({
      ok: false,
      problem: expect.stringContaining("/no/such/program"),
    });
    const result = await missing.run(turn("x"), io(new AbortController().signal));
    expect(result).toMatchObject({ status: "failed", code: "config" });
    expect(await runner("").probe()).toEqual({ ok: true });
  });

  it("keeps what the operator gave the program out of the log when the program prints it", async () => {
    const lines: string[] = [];
    const spoken = createCommandRunner(
      {
        ...{ kind: "command", output: "text", timeoutMs: 30_000, env: ["AGENT_KEY"] },
        command: [process.execPath, "-e", "console.error('key', process.env.AGENT_KEY); console.log('hi')"],
      },
      {
        logger: pino({}, { write: (line: string) => void lines.push(line) }),
        env: { PATH: process.env.PATH, AGENT_KEY: "canary-of-the-agent" },
      },
    );
    expect(await spoken.run(turn("x"), io(new AbortController().signal))).toMatchObject({ status: "done" });
    expect(lines.join("")).toContain("agent wrote to stderr");
    expect(lines.join("")).not.toContain("canary-of-the-agent");
  });

  it("stops an agent that runs too long", async () => {
    const result = await run("setInterval(() => {}, 1000)", "", { timeoutMs: 200 });
    expect(result).toMatchObject({ status: "failed", code: "timeout" });
  });

  it("stops the whole process group when it is told to, however stubborn", async () => {
    const folder = await mkdtemp(join(tmpdir(), "runner-"));
    const pidFile = join(folder, "pid");
    const script = `const { spawn } = require("node:child_process");
      process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "ignore" });
      require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))`;
    const abort = new AbortController();
    const started = runner(script).run(turn("x"), io(abort.signal));
    const pid = await waitFor(
      async () => Number(await readFile(pidFile, "utf8").catch(() => "")) || undefined,
    );
    abort.abort("user");
    expect(await started).toEqual({ status: "cancelled" });
    await waitFor(async () => (isAlive(pid) ? undefined : true));
    await rm(folder, { recursive: true });
  });

  it("survives invalid UTF-8 and an agent that never reads its input", async () => {
    const result = await run("process.stdout.write(Buffer.from([0x61, 0xff, 0x62]))", "x".repeat(1_000_000));
    expect(result).toEqual({ status: "done", text: "a\ufffdb" });
  });

  it("reads text, files and messages from JSON where that is its output", async () => {
    const textcard = { title: "Report", description: "Ready", url: "https://example.com/1" };
    const answer = { text: "Here.", files: ["/tmp/a.pdf"], messages: [{ msgtype: "textcard", textcard }] };
    expect(
      await run(`console.log(${JSON.stringify(JSON.stringify(answer))})`, "hi", { output: "json" }),
    ).toEqual({
      status: "done",
      ...answer,
      files: [{ path: "/tmp/a.pdf" }],
    });
  });

  it.each([
    ["secret words, no JSON", /it is not JSON/],
    [JSON.stringify({ text: 7 }), /text: /],
    [JSON.stringify({ texts: "secret words" }), /the answer: has a field that does not belong there/],
    [JSON.stringify({ files: ["secret/words"] }), /files\.0: has to be an absolute path/],
    [
      JSON.stringify({ messages: [{ msgtype: "textcard", textcard: { title: "secret words" } }] }),
      /messages\.0\.textcard/,
    ],
    [
      JSON.stringify({ messages: [{ msgtype: "text", text: { content: "secret words" } }] }),
      /messages\.0\.msgtype: has to be one of/,
    ],
  ])("says what is wrong with its JSON and nothing of what it wrote (%#)", async (printed, problem) => {
    const result = await run(`console.log(${JSON.stringify(printed)})`, "hi", { output: "json" });
    expect(result).toMatchObject({ status: "failed", code: "protocol", retryable: false });
    expect(result.status === "failed" && result.detail).toMatch(problem);
    expect(JSON.stringify(result)).not.toMatch(/secret.words/);
  });
});
