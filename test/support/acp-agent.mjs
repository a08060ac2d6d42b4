// @ts-nocheck: plain JavaScript that any user of the system can run with Node alone.
// An agent that speaks the Agent Client Protocol on its standard input and output and does what the message says: a
// first word, and what belongs to it. It remembers its sessions below its home, like real ones. Needs nothing but Node.
import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const flags = new Set(process.argv.slice(2));
const home = process.env.HOME ?? "/nonexistent";
const sessionsDir = join(home, ".scripted-agent");
const journal = join(home, "journal.jsonl");
const outbox = join(dirname(home), "work", "outbox");

if (flags.has("--fail")) {
  process.stderr.write(`no key: ${process.env.AGENT_KEY ?? ""}\n`);
  process.exit(3);
}
if (flags.has("--stubborn")) process.on("SIGTERM", () => {});

let nextRequest = 1;
let made = 0;
const pending = new Map();
const running = new Map();

const write = (line) => process.stdout.write(`${line}\n`);
const send = (message) => write(JSON.stringify({ jsonrpc: "2.0", ...message }));
const note = (entry) => appendFileSync(journal, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
const fileOf = (sessionId) => join(sessionsDir, `${sessionId}.json`);
const load = (sessionId) => JSON.parse(readFileSync(fileOf(sessionId), "utf8"));
const save = (sessionId, said) => {
  mkdirSync(sessionsDir, { recursive: true });
  writeFileSync(fileOf(sessionId), JSON.stringify(said));
};

class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) return pending.get(message.id)?.(message);
  if (message.method === "session/cancel") {
    note({ cancel: message.params.sessionId });
    return running.get(message.params.sessionId)?.abort();
  }
  void answer(message);
});
lines.on("close", () => {
  if (!flags.has("--stubborn")) process.exit(0);
  setInterval(() => {}, 1000);
});

async function answer({ id, method, params }) {
  try {
    const result = await methods[method]?.(params);
    if (result === undefined) throw new Refusal(-32601, "Method not found");
    send({ id, result });
    if (method === "session/prompt" && result.late !== undefined) {
      await delay(60);
      say(params.sessionId, result.late);
    }
  } catch (error) {
    send({ id, error: { code: error.code ?? -32603, message: error.message } });
  }
}

const methods = {
  async initialize() {
    if (flags.has("--silent")) await new Promise(() => {});
    return {
      protocolVersion: flags.has("--old") ? 0 : 1,
      agentCapabilities: {
        loadSession: !flags.has("--forgetful"),
        promptCapabilities: { image: true },
        sessionCapabilities: { close: {} },
      },
    };
  },
  "session/new"({ cwd }) {
    made += 1;
    const sessionId = `s-${process.pid}-${made}`;
    save(sessionId, []);
    note({ new: sessionId, cwd });
    return {
      sessionId,
      modes: {
        currentModeId: "auto",
        availableModes: [
          { id: "auto", name: "Auto" },
          { id: "default", name: "Ask" },
        ],
      },
    };
  },
  "session/load"({ sessionId }) {
    if (!existsSync(fileOf(sessionId))) throw new Refusal(-32603, "no such session");
    for (const text of load(sessionId))
      update(sessionId, { sessionUpdate: "user_message_chunk", content: { type: "text", text } });
    note({ load: sessionId });
    return {};
  },
  async "session/close"({ sessionId }) {
    if (flags.has("--no-close")) await new Promise(() => {});
    note({ close: sessionId });
    return {};
  },
  "session/set_mode"({ modeId }) {
    note({ mode: modeId });
    return {};
  },
  async "session/prompt"({ sessionId, prompt }) {
    const texts = prompt.flatMap((block) => (block.type === "text" ? [block.text] : []));
    note({ prompt: texts, images: prompt.filter(({ type }) => type === "image").length });
    const said = [...load(sessionId), texts.at(-1)];
    save(sessionId, said);
    const play = texts.at(-1).startsWith("{") ? JSON.parse(texts.at(-1).split("\n", 1)[0]) : undefined;
    const [word, ...rest] = texts.at(-1).split(" ");
    const stop = new AbortController();
    running.set(sessionId, stop);
    const context = { sessionId, said, signal: stop.signal, rest: rest.join(" ") };
    try {
      const act = play === undefined ? (acts[word] ?? acts.echo) : plays[play.do];
      const end = await act({ ...context, play });
      return stop.signal.aborted ? { stopReason: "cancelled" } : (end ?? { stopReason: "end_turn" });
    } finally {
      running.delete(sessionId);
      note({ ended: texts.at(-1) });
    }
  },
};

function update(sessionId, content) {
  send({ method: "session/update", params: { sessionId, update: content } });
}

function say(sessionId, text, messageId) {
  const content = { type: "text", text };
  update(sessionId, { sessionUpdate: "agent_message_chunk", content, ...(messageId && { messageId }) });
}

function tool(sessionId, toolCallId, fields, isNew = true) {
  update(sessionId, { sessionUpdate: isNew ? "tool_call" : "tool_call_update", toolCallId, ...fields });
}

function ask(sessionId, toolCall) {
  const id = `ask-${nextRequest++}`;
  const options = [
    { optionId: "always", name: "Always", kind: "allow_always" },
    { optionId: "yes", name: "Yes", kind: "allow_once" },
    { optionId: "yes-2", name: "Yes, really", kind: "allow_once" },
    { optionId: "no", name: "No", kind: "reject_once" },
  ];
  send({ id, method: "session/request_permission", params: { sessionId, toolCall, options } });
  return new Promise((resolve) => {
    pending.set(id, ({ result }) => resolve(result.outcome.optionId ?? result.outcome.outcome));
  });
}

/** Between the two, bytes that are no text. */
function sayBytes(sessionId, left, right) {
  const content = { type: "text", text: `${left}|${right}` };
  const params = { sessionId, update: { sessionUpdate: "agent_message_chunk", content } };
  const line = JSON.stringify({ jsonrpc: "2.0", method: "session/update", params });
  const [before, after] = line.split("|");
  process.stdout.write(
    Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe]), Buffer.from(`${after}\n`)]),
  );
}

const aborted = (signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });

const acts = {
  echo: ({ sessionId, rest, said }) =>
    say(sessionId, said.length > 1 && rest === "" ? `${said.length} messages` : `echo ${rest}`),
  // What the gateway says after a crash.
  "[gateway]": ({ sessionId, said }) => say(sessionId, `continued: ${said.at(-2)}`),
  stream: ({ sessionId }) => {
    for (const word of ["one ", "two ", "three"]) say(sessionId, word);
  },
  segments: ({ sessionId }) => {
    say(sessionId, "Let me look.", "m1");
    tool(sessionId, "t1", { title: "Read the file", kind: "read", status: "in_progress" });
    say(sessionId, "It says ", "m2");
    tool(sessionId, "t1", { status: "completed" }, false);
    say(sessionId, "forty-two.", "m2");
    update(sessionId, {
      sessionUpdate: "plan",
      entries: [{ content: "Step one", priority: "high", status: "in_progress" }],
    });
    say(sessionId, "  ", "m3");
  },
  late: ({ sessionId }) => {
    say(sessionId, "the beginning");
    return { stopReason: "end_turn", late: " and the end" };
  },
  ask: async ({ sessionId, rest }) => {
    tool(sessionId, "t1", {
      title: "Shell",
      kind: "execute",
      status: "pending",
      rawInput: { command: ["rm", "-r", "build"] },
    });
    const chosen = await ask(sessionId, { toolCallId: "t1", title: "Bash" });
    note({ chosen });
    if (chosen === "no" && rest === "cancels") return { stopReason: "cancelled" };
    if (chosen !== "no" || rest !== "silently") say(sessionId, `answer: ${chosen}`);
  },
  flock: async ({ sessionId }) => {
    const wishes = Array.from({ length: 100 }, (_, n) =>
      ask(sessionId, { toolCallId: `w${n}`, title: `Wish ${n}` }),
    );
    const chosen = await Promise.all(wishes);
    say(sessionId, `${chosen.filter((one) => one === "yes").length} of ${chosen.length}`);
  },
  wait: async ({ sessionId, signal }) => {
    say(sessionId, "half an ans");
    await aborted(signal);
  },
  "wait-tool": async ({ sessionId, signal }) => {
    const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    note({ started: child.pid });
    tool(sessionId, "t1", { title: "sleep 1000", kind: "execute", status: "in_progress" });
    await aborted(signal);
    if (!flags.has("--stubborn")) process.kill(-child.pid);
  },
  // Works, and is not to be done twice: only another prompt gets an answer.
  deed: async ({ sessionId, rest }) => {
    tool(sessionId, "t1", { title: "Send the letter", kind: rest || "execute", status: "in_progress" });
    note({ deed: sessionId });
    await new Promise(() => {});
  },
  hang: () => new Promise(() => {}),
  "hang-tool": ({ sessionId }) => {
    tool(sessionId, "t1", { title: "Endless", kind: "execute", status: "in_progress" });
    return new Promise(() => {});
  },
  flood: async () => {
    const line = "x".repeat(1_000_000);
    for (;;) if (!write(line)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  },
  "long-line": async () => {
    const part = "x".repeat(1_000_000);
    for (;;)
      if (!process.stdout.write(part)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  },
  // Reads nothing any more; what it is answered fills the pipe.
  deaf: () => {
    process.stdin.pause();
    setInterval(() => {}, 1000);
    for (let n = 0; n < 900; n += 1) send({ id: `${n}-${"x".repeat(990)}`, method: "no/such" });
    return new Promise(() => {});
  },
  // Asks and asks, and hears no answer.
  nag: async () => {
    process.stdin.pause();
    const lines = '{"jsonrpc":"2.0","id":1,"method":"a"}\n'.repeat(10_000);
    for (;;)
      if (!process.stdout.write(lines)) await new Promise((resolve) => process.stdout.once("drain", resolve));
  },
  junk: ({ sessionId }) => {
    write("Debugger attached.");
    write('{"half": ');
    write("[1,2]");
    write("null");
    send({ id: "never-asked", result: {} });
    send({ id: 4711, result: {} });
    send({ method: "session/update", params: { sessionId, update: { sessionUpdate: "from_the_future" } } });
    send({
      method: "session/update",
      params: { sessionId, update: { sessionUpdate: "tool_call", toolCallId: 7 } },
    });
    send({ method: "session/update", params: 7 });
    send({ id: "x", method: "fs/read_text_file", params: { sessionId, path: "/etc/passwd" } });
    say(sessionId, "sane");
  },
  die: async ({ sessionId }) => {
    say(sessionId, "half an ans");
    process.stdout.write('{"jsonrpc":"2.0","method":"session/upd', () => process.exit(1));
    await new Promise(() => {});
  },
  big: ({ sessionId }) => {
    for (let n = 0; n < 160; n += 1) say(sessionId, "x".repeat(65_536));
  },
  utf8: ({ sessionId }) => sayBytes(sessionId, "a", "b"),
  daemon: ({ sessionId, rest }) => {
    const options = { detached: true, stdio: "ignore", ...(rest === "bare" && { env: {} }) };
    // Its parent ends at once: nothing but the cookie leads to it.
    const script = "setInterval(() => {}, 1000)";
    const launch = `const c = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(script)}], { detached: true, stdio: "ignore" }); c.unref(); console.log(c.pid)`;
    const child = spawn(process.execPath, ["-e", launch], {
      ...options,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return new Promise((resolve) => {
      let pid = "";
      child.stdout.on("data", (data) => {
        pid += data;
      });
      child.on("close", () => {
        say(sessionId, pid.trim());
        resolve();
      });
    });
  },
  empty: () => undefined,
  refuse: () => ({ stopReason: "refusal" }),
  error: ({ sessionId, rest }) => {
    say(sessionId, "half an ans");
    throw new Refusal(-32603, rest);
  },
  "failed-well": ({ sessionId, rest }) => {
    say(sessionId, "429 Too Many Requests");
    const sessionFailure = { category: rest, title: "Something" };
    return { stopReason: "end_turn", _meta: { jetbrains: { air: { sessionFailure } } } };
  },
  file: ({ sessionId }) => {
    writeFileSync(join(outbox, "report.csv"), "a,b\n1,2\n");
    say(sessionId, `Here it is.\nMEDIA:${join(outbox, "report.csv")}`);
  },
  stray: ({ sessionId, rest }) => say(sessionId, `Here.\nMEDIA:${rest}`),
  link: ({ sessionId, rest }) => {
    symlinkSync(rest, join(outbox, "link.txt"));
    say(sessionId, `Here.\nMEDIA:${join(outbox, "link.txt")}`);
  },
  swap: ({ sessionId, rest }) => {
    renameSync(outbox, `${outbox}-away`);
    symlinkSync(rest, outbox);
    say(sessionId, `Here.\nMEDIA:${join(outbox, "secret.txt")}`);
  },
  env: ({ sessionId }) => say(sessionId, Object.keys(process.env).sort().join(" ")),
  read: ({ sessionId, rest }) => {
    try {
      say(sessionId, `read ${readFileSync(rest, "latin1")}`);
    } catch (error) {
      say(sessionId, `${error.code}`);
    }
  },
  keep: ({ sessionId, rest }) => {
    writeFileSync(join(home, "kept"), Buffer.alloc(Number(rest)));
    say(sessionId, "kept");
  },
};

// What the contract of all runners asks for.
const plays = {
  answer: ({ sessionId, play }) => say(sessionId, play.text),
  progress: ({ sessionId, play }) => {
    for (const title of play.titles) tool(sessionId, title, { title, kind: "read", status: "in_progress" });
    say(sessionId, play.text);
  },
  wait: async ({ sessionId, play, signal }) => {
    const [, dir] = [...flags].find((flag) => flag.startsWith("--free=")).split("=");
    while (!signal.aborted && !existsSync(join(dir, `free-${play.id}`))) await delay(20);
    say(sessionId, play.text);
  },
  hang: ({ signal }) => aborted(signal),
  stubborn: () => {
    process.on("SIGTERM", () => {});
    const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    spawn(process.execPath, ["-e", script], { stdio: "ignore" });
    flags.add("--stubborn");
    return new Promise(() => {});
  },
  ask: async ({ sessionId, play }) => {
    const chosen = await ask(sessionId, { toolCallId: "wish", title: play.title });
    say(sessionId, chosen === "yes" ? "approved" : "denied");
  },
  fail: ({ play }) => {
    throw new Refusal(-32603, play.why);
  },
  empty: ({ sessionId }) => say(sessionId, " \n\t\n"),
  die: async ({ sessionId, play }) => {
    say(sessionId, play.text);
    process.stdout.write('{"half', () => process.exit(1));
    await new Promise(() => {});
  },
  flood: (context) => acts.flood(context),
  garbage: ({ sessionId }) => sayBytes(sessionId, "left", "right"),
  remember: ({ sessionId }) => say(sessionId, "I do"),
  recall: ({ sessionId, said }) => {
    const known = said
      .flatMap((text) => (text.startsWith("{") ? [JSON.parse(text)] : []))
      .find(({ word }) => word);
    say(sessionId, known?.word ?? "I know none");
  },
};
