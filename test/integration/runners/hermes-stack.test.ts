import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { AgentView, ServedRun } from "../../support/hermes/runs.ts";
import type { HermesServer } from "../../support/hermes/server.ts";
import { startHermes } from "../../support/hermes/server.ts";
import type { Stack } from "../../support/stack.ts";
import { startStack } from "../../support/stack.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createSharedKill } from "./shared-kill.ts";

// Retires the risk that the runner's promises end where the worker begins: whoever is killed or restarted, and whatever
// the person does meanwhile, a message is one run at Hermes and one answer.

let stack: Stack;
let hermes: HermesServer;
let outbox: string;
let users = 0;
/** Lets the runs of a test end, by their text. */
const released = new Set<string>();

beforeAll(async () => {
  hermes = await startHermes({ agent: play });
  outbox = await mkdtemp(join(tmpdir(), "outbox-"));
  stack = await startStack({
    // The five lines of the manual.
    env: {
      AGENT_RUNNER: "hermes",
      AGENT_URL: hermes.url,
      AGENT_API_KEY: hermes.apiKey,
      AGENT_MEDIA_DIRS: outbox,
      WORKER_DEAD_AFTER_SECONDS: "1",
      TURN_QUIET_MS: "0",
      NOTICE_AFTER_SECONDS: "2,4,6,8,10",
      LOG_LEVEL: "debug",
    },
  });
}, 120_000);
afterEach(() => {
  hermes.maxRuns = 10;
  for (const { text } of hermes.active) released.add(text);
});
afterAll(async () => {
  await stack?.stop();
  await hermes?.stop();
  await rm(outbox, { recursive: true, force: true });
});

async function play(run: AgentView): Promise<string> {
  if (run.text.startsWith("ask")) return run.ask("rm -r build");
  if (run.text.startsWith("hold"))
    await waitUntil("it is let go", () => run.signal.aborted || released.has(run.text), {
      timeoutMs: 120_000,
    });
  if (run.text.includes("take")) return `taken: ${run.taken().join()}`;
  if (run.text.includes("file")) return `Here it is.\nMEDIA:${join(outbox, "report.csv")}`;
  return `re: ${run.text}`;
}

const newUser = () => `person-${++users}`;
const push = (user: string, text: string) => stack.emulator.pushText({ app: "main", user, text });
const heard = (user: string) =>
  stack.emulator.seen({ app: "main", user }).map(({ content }) => JSON.stringify(content));
const describeAll = () =>
  `${stack.logs().slice(-6000)}\n${JSON.stringify(hermes.runs.map(({ status }) => status))}`;

async function hears(user: string, words: RegExp): Promise<string> {
  return waitUntil(`${user} hears ${words}`, () => heard(user).find((text) => words.test(text)), {
    timeoutMs: 60_000,
    describe: describeAll,
  });
}
/** By the user, whom the session key names. */
const runsOf = (user: string) => hermes.runs.filter(({ sessionKey }) => sessionKey.endsWith(`:${user}`));
async function untilRuns(user: string): Promise<ServedRun> {
  await waitUntil(`${user} has a run`, () => runsOf(user).length > 0, { describe: describeAll });
  return runsOf(user).at(-1) as ServedRun;
}
const worker = () => stack.workers[0] as Stack["workers"][number];
const answers = (user: string) => heard(user).filter((text) => /"(?:re|taken): /.test(text));

describe("a worker that is killed", () => {
  // Each waits for a worker to be missed; they wait together.
  const kill = createSharedKill(5, worker);

  it.concurrent("leaves its run to the next one: one run, one answer", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await waitUntil("the id is stored", () => stack.logs().includes(run.id));
    await kill();
    await hears(user, /继续处理/);
    released.add(`hold ${user}`);
    await hears(user, /re: hold/);
    await push(user, "last");
    await hears(user, /re: last/);
    expect(runsOf(user).map(({ text }) => text)).toEqual([`hold ${user}`, "last"]);
    expect(answers(user)).toHaveLength(2);
  }, 120_000);

  it.concurrent("answers what ended while nobody was there", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await kill(async () => {
      released.add(`hold ${user}`);
      await waitUntil("the run has ended", () => run.hasEnded);
    });
    await hears(user, /re: hold/);
    expect(runsOf(user)).toHaveLength(1);
    expect(answers(user)).toHaveLength(1);
  }, 120_000);

  it.concurrent("does not keep its run going when the person stopped it meanwhile", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await waitUntil("the id is stored", () => stack.logs().includes(run.id));
    await kill(() => push(user, "/stop"));
    await waitUntil("the run is stopped", () => run.status.status === "cancelled", { describe: describeAll });
    await push(user, "last");
    await hears(user, /re: last/);
    expect(answers(user)).toHaveLength(1);
  }, 120_000);

  it.concurrent("loses nothing that was added and not got to: it is the next turn", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await push(user, "/steer one more thing");
    await waitUntil("it is added", () => run.steers.length === 1, { describe: describeAll });
    await waitUntil("it is noted", () => stack.logs().includes(run.id));
    await kill();
    await hears(user, /继续处理/);
    released.add(`hold ${user}`);
    await hears(user, /re: one more thing/);
    const texts = runsOf(user).map(({ text }) => text);
    expect(texts[0]).toBe(`hold ${user}`);
    expect(texts.at(-1)).toBe("one more thing");
  }, 120_000);

  it.concurrent("leaves its run's request standing: /approve and /deny answer it", async () => {
    const person = { "/approve": newUser(), "/deny": newUser() };
    for (const user of Object.values(person)) {
      await push(user, `ask ${user}`);
      await hears(user, /rm -r build/);
    }
    await kill();
    const choices = { "/approve": /"once"/, "/deny": /"deny"/ } as const;
    for (const command of ["/approve", "/deny"] as const) {
      const user = person[command];
      const [, code = ""] = /\/approve ([A-Z0-9]{4})/.exec(await hears(user, /\/approve [A-Z0-9]{4}/)) ?? [];
      await hears(user, /继续处理/);
      await push(user, `${command} ${code}`);
      await hears(user, choices[command]);
      expect(runsOf(user)).toHaveLength(1);
    }
  }, 120_000);
});

describe("what the person does", () => {
  it("/stop ends the run at Hermes", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await push(user, "/stop");
    await waitUntil("it is stopped", () => run.status.status === "cancelled", { describe: describeAll });
    await push(user, "next");
    await hears(user, /re: next/);
    expect(answers(user)).toHaveLength(1);
  }, 60_000);

  it("/new ends the run and begins another session of the same person", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    const run = await untilRuns(user);
    await push(user, "/new");
    await waitUntil("it is stopped", () => run.status.status === "cancelled", { describe: describeAll });
    await push(user, "fresh");
    await hears(user, /re: fresh/);
    const [before, after] = runsOf(user);
    expect(before?.body.session_id).toMatch(/_0$/);
    expect(after?.body.session_id).toBe(before?.body.session_id?.replace(/_0$/, "_1"));
    expect(after?.sessionKey).toBe(before?.sessionKey);
  }, 60_000);

  it("/steer reaches the run; what it did not get to is the next turn", async () => {
    for (const takes of ["take", "leave"]) {
      const user = newUser();
      const text = `hold ${takes} ${user}`;
      await push(user, text);
      const run = await untilRuns(user);
      await push(user, "/steer quickly");
      await waitUntil("it is added", () => run.steers.length === 1, { describe: describeAll });
      released.add(text);
      await hears(user, takes === "take" ? /taken: quickly/ : /re: quickly/);
      expect(runsOf(user)).toHaveLength(takes === "take" ? 1 : 2);
    }
  }, 60_000);
});

describe("Hermes", () => {
  it("is restarted under a run, and goes on with it", async () => {
    const user = newUser();
    await push(user, `hold ${user}`);
    await untilRuns(user);
    await hermes.restart();
    await hears(user, /re: \[The service was restarted/);
    expect(runsOf(user)).toHaveLength(2);
    expect(answers(user)).toHaveLength(1);
  }, 60_000);

  it("has no place free for a while: the person is told, and then answered", async () => {
    hermes.maxRuns = 0;
    const user = newUser();
    await push(user, "patience");
    await hears(user, /繁忙/);
    hermes.maxRuns = 10;
    await hears(user, /re: patience/);
    expect(runsOf(user)).toHaveLength(1);
  }, 60_000);

  it("sends files of the directory that it shares", async () => {
    await writeFile(join(outbox, "report.csv"), "a,b\n1,2\n");
    const user = newUser();
    await push(user, "the file please");
    await hears(user, /Here it is/);
    await waitUntil("the file is there", () =>
      stack.emulator.seen({ app: "main", user }).some(({ msgType }) => msgType === "file"),
    );
    expect(heard(user).join()).not.toContain("MEDIA:");
  }, 60_000);
});

describe("the logs", () => {
  it("hold neither the key nor anybody's words", () => {
    expect(stack.logs()).not.toContain(hermes.apiKey);
    expect(stack.logs()).not.toMatch(/hold person|one more thing|rm -r build/);
  });
});
