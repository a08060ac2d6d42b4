import { MAILBOX_LIMIT } from "@gateway/conversation";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Turn, TurnIO, TurnResult } from "../../../services/worker/src/runners/runner.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { WorkerHarness, WorkerOptions } from "./harness.ts";
import { startHarness } from "./harness.ts";

// Retires the risk that what is right step by step goes wrong when a worker puts the steps together.

/** Answers "re: <text>"; a text that begins with "hold" is held until the test lets go, "flaky" fails once. */
function createAgent() {
  const turns: Turn[] = [];
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    turns,
    letGo,
    async run(turn: Turn, io: TurnIO): Promise<TurnResult> {
      turns.push(turn);
      const stopped = new Promise<"stopped">((resolve) => {
        io.signal.addEventListener("abort", () => resolve("stopped"));
      });
      if (turn.text.startsWith("flaky") && turn.attempt === 1)
        return { status: "failed", code: "agent", detail: "It failed.", retryable: true };
      if (turn.text.startsWith("silent")) await stopped;
      if (turn.text.startsWith("hold")) await Promise.race([free, stopped]);
      return io.signal.aborted ? { status: "cancelled" } : { status: "done", text: `re: ${turn.text}` };
    },
  };
}

describe("turns of a worker", () => {
  let harness: WorkerHarness | undefined;
  afterEach(() => harness?.stop());

  async function start(options: Omit<WorkerOptions, "run"> = {}) {
    const agent = createAgent();
    const started = await startHarness({ ...options, run: agent.run });
    harness = started;
    return { ...started, ...agent };
  }
  type Started = Awaited<ReturnType<typeof start>>;

  /** A person whose agent is busy until `letGo`. */
  async function keepBusy({ say, turns }: Started, user: string): Promise<void> {
    const before = turns.length;
    await say("main", user, "hold");
    await waitUntil("the agent is busy", () => turns.length > before);
  }
  const untilNoNotice = ({ emulator }: Started) =>
    waitUntil("no notice is on the screen", () => {
      const onScreen = emulator.seen({ app: "main", user: "anna" });
      return !JSON.stringify(onScreen.map(({ content }) => content)).includes("Working");
    });
  const patient = { batch: { quietMs: 1500, capMs: 10_000 } };

  it("makes one turn of what is written in quick succession, and another of what comes later", async () => {
    const { say, hears, turns } = await start({ turns: patient });
    for (const text of ["one", "two", "three"]) await say("main", "anna", text);
    await hears("anna", /re: one\ntwo\nthree/);
    await say("main", "anna", "four");
    await hears("anna", /re: four/);
    expect(turns.map(({ text }) => text)).toEqual(["one\ntwo\nthree", "four"]);
  });

  it("makes one turn of a file and the text that says what it is for", async () => {
    const { accept, say, turns, emulator, corpOf } = await start({ turns: patient });
    const media = emulator.addMedia({
      corpId: corpOf("main"),
      type: "file",
      filename: "figures.csv",
      contentType: "text/csv",
      content: Buffer.from("a,b\n1,2\n"),
    });
    await accept("main", "anna", { kind: "file", title: "figures.csv", mediaId: media.mediaId });
    await say("main", "anna", "add these up");
    await waitUntil("the agent has it", () => turns.length > 0);
    const [turn] = turns;
    expect(turn?.messages.map(({ message }) => message.kind)).toEqual(["file", "text"]);
    expect(turn?.text).toContain("add these up");
  });

  it("lets a command pass at once what still waits for more", async () => {
    const never = { batch: { quietMs: 60_000, capMs: 60_000 } };
    const { say, hears, turns } = await start({ turns: never });
    await say("main", "anna", "I am still typing");
    await say("main", "anna", "/status");
    await hears("anna", /Messages waiting: 1/);
    expect(turns).toEqual([]);
  });

  it("tells the position of a message that waits, and not of every one", async () => {
    const worker = await start();
    const { say, hears, texts, untilNoticed, redis, keys } = worker;
    await keepBusy(worker, "anna");
    await say("main", "anna", "second");
    await hears("anna", /number 1 in line/);
    for (const text of ["third", "fourth"]) await say("main", "anna", text);
    await untilNoticed();
    // Half a minute later:
    await redis.del(keys.flag("told", "queued", worker.conversation("main", "anna")));
    await say("main", "anna", "fifth");
    await hears("anna", /number 4 in line/);
    expect(texts({ user: "anna" }).filter((text) => text.includes("in line"))).toHaveLength(2);
  });

  it("says when no more messages can wait, and answers every one that it took", async () => {
    const worker = await start();
    const { say, hears, texts, untilNoticed, turns, letGo } = worker;
    await keepBusy(worker, "anna");
    const names = Array.from({ length: MAILBOX_LIMIT + 4 }, (_, index) => `message ${index + 1}.`);
    // All of one moment: they are taken in batches, or the replies would meet WeCom's limit per minute.
    const atMs = Date.now();
    for (const name of names) await say("main", "anna", name, atMs);
    await hears("anna", new RegExp(`${MAILBOX_LIMIT} messages are waiting already`));
    await untilNoticed();
    letGo();
    const taken = names.slice(0, MAILBOX_LIMIT - 1);
    await hears("anna", new RegExp(`${taken.at(-1)}$`));
    const heard = turns.slice(1).flatMap(({ text }) => text.split("\n"));
    expect(heard).toEqual(taken);
    expect(texts({ user: "anna" }).filter((text) => text.includes("waiting already"))).toHaveLength(1);
    await say("main", "anna", names.at(-1) ?? "");
    await hears("anna", new RegExp(`^re: ${names.at(-1)}`));
  });

  it.each(["/stop", "/new"])("takes back that it works on what %s ended", async (command) => {
    const worker = await start({ env: { NOTICE_AFTER_SECONDS: "1,600" } });
    await worker.say("main", "anna", "hold");
    await worker.hears("anna", /Working, 1 s so far/);
    await worker.say("main", "anna", command);
    await worker.hears("anna", /Stopped\./);
    await untilNoNotice(worker);
  });

  it("takes every notice back, also when a later one was left out for the answer", async () => {
    const worker = await start({ env: { NOTICE_AFTER_SECONDS: "1,3,600" } });
    const { say, hears, letGo, emulator, redis, keys, conversation } = worker;
    await say("main", "anna", "hold");
    await hears("anna", /Working, 1 s so far/);
    emulator.setFaults([{ match: { path: "message/send" }, action: { type: "delay", delayMs: 4000 } }]);
    await say("main", "anna", "/whoami");
    const outbox = keys.outbox(conversation("main", "anna"));
    const waiting = (count: number) =>
      waitUntil(`${count} replies wait`, async () => (await redis.llen(outbox)) === count);
    await waiting(2);
    letGo();
    await waiting(3);
    await hears("anna", /re: hold/);
    await untilNoNotice(worker);
    expect(worker.texts({ user: "anna" }).filter((text) => text.includes("Working"))).toHaveLength(1);
  });

  it("tells the person whose run a deploy handed over", async () => {
    const { say, hears, restart, turns, letGo } = await start();
    await say("main", "anna", "hold");
    await waitUntil("the agent is busy", () => turns.length > 0);
    await restart();
    await hears("anna", /The service was restarted and is going on with your last message/);
    letGo();
    await hears("anna", /re: hold/);
    expect(turns.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it("says that a run which failed is tried again, and not that anything was restarted", async () => {
    const { say, hears, texts, turns } = await start();
    await say("main", "anna", "flaky");
    await hears("anna", /re: flaky/);
    await hears("anna", /ran into a problem and is trying your last message again/);
    expect(texts({ user: "anna" }).filter((text) => text.includes("restarted"))).toEqual([]);
    expect(turns.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("goes on telling of a run that a deploy handed over, each time, and takes it all back", async () => {
    const worker = await start({ env: { NOTICE_AFTER_SECONDS: "1,3" } });
    const { say, hears, restart, turns, letGo, texts } = worker;
    const notices = () => texts({ user: "anna" }).filter((text) => text.includes("Working"));
    await say("main", "anna", "hold");
    await hears("anna", /Working, [3-9] s so far/);
    await restart();
    const before = notices().length;
    await waitUntil("it runs again", () => turns.length === 2);
    await waitUntil("more is told", () => notices().length > before);
    await restart();
    await waitUntil("it runs again", () => turns.length === 3);
    letGo();
    await hears("anna", /re: hold/);
    await untilNoNotice(worker);
  });

  it("tries a turn again whose history could not be read", async () => {
    let tries = 0;
    const run = async (turn: Turn): Promise<TurnResult> => {
      tries += 1;
      await turn.history();
      return { status: "done", text: `re: ${turn.text}` };
    };
    harness = await startHarness({ run });
    const { redis, keys, conversation, say, hears, hurry, deadLetters } = harness;
    const transcript = keys.transcript(conversation("main", "anna"));
    await redis.set(transcript, "no list");
    await say("main", "anna", "hello");
    await waitUntil("it was tried", () => tries > 0);
    await redis.del(transcript);
    await hurry("turns");
    await hears("anna", /re: hello/);
    expect(await deadLetters()).toEqual([]);
  });

  it("warns of an agent that gives no sign of life, then stops it and goes on", async () => {
    const { say, hears, texts, deadLetters } = await start({ turns: { idleMs: 6000 } });
    const id = await say("main", "anna", "silent");
    await hears("anna", /did not respond for a long time and was stopped/);
    const [warning, ending] = texts({ user: "anna" });
    expect(warning).toMatch(/No sign of life from the agent for 5 s/);
    expect(ending).toContain(id);
    expect(await deadLetters()).toMatchObject([{ what: "message", code: "idle", messageIds: [id] }]);
    await say("main", "anna", "hello");
    await hears("anna", /re: hello/);
  });

  it("sets a message aside that nobody can read, and answers the next one", async () => {
    const { redis, keys, conversation, say, hears, deadLetters, texts } = await start();
    const anna = conversation("main", "anna");
    await redis.rpush(keys.mailbox(anna), '{"v":99,"of":"a later version"}', "\u0000 no JSON at all");
    await say("main", "anna", "hello");
    await hears("anna", /re: hello/);
    expect(await deadLetters()).toMatchObject([{ code: "unreadable" }, { code: "unreadable" }]);
    expect(texts({ user: "anna" })).toEqual(["re: hello"]);
  });

  it("keeps the messages of an app that is not configured, and answers when it is back", async () => {
    const { configure, say, hears, untilNoticed, hurry, emulator } = await start({ apps: ["main", "other"] });
    configure(["other"]);
    await say("main", "anna", "hello");
    await say("main", "anna", "/status");
    await untilNoticed();
    // Whatever is done for the app in between, nothing is lost or sent.
    await hurry("turns");
    await say("other", "anna", "are you there?");
    await hears("anna", /re: are you there\?/);
    expect(emulator.sent({ app: "main" })).toEqual([]);
    configure(["main", "other"]);
    await waitUntil("both are answered", async () => {
      for (const name of ["turns", "control", "deliver"] as const) await hurry(name);
      return emulator.sent({ app: "main" }).length === 2;
    });
    await hears("anna", /re: hello/);
    await hears("anna", /Idle|Messages waiting|Running/);
  });
});
