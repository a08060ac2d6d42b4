import { MAILBOX_LIMIT } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { Harness } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a message is handed to the agent twice, in the wrong turn, or not at all.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { command, queue, turn, busyMode } = texts;

async function personWithRun(takesSteer = false) {
  const person = harness.person();
  const held = harness.runner.hold({ takesSteer });
  await person.write("first");
  const running = person.turn();
  const run = await held;
  if (takesSteer)
    await waitUntil("the runner's ability is known", async () => {
      return (await harness.tools.turnControl.read(person.conversation)).takesSteer;
    });
  return { person, run, running };
}

describe("/queue", () => {
  it("shows what waits, briefly", async () => {
    const { person, run, running } = await personWithRun();
    expect(await person.say("/queue")).toBe(queue.empty);
    await person.write(`one\n${"长".repeat(100)}`);
    for (let n = 2; n <= 12; n++) await person.write(`message ${n}`);
    const lines = ((await person.say("/q")) ?? "").split("\n");
    expect(lines).toEqual([
      queue.heading({ waiting: 12 }),
      queue.item({ position: 1, preview: `one ${"长".repeat(20)}…` }),
      ...Array.from({ length: 9 }, (_, i) => queue.item({ position: i + 2, preview: `message ${i + 2}` })),
      queue.more({ count: 2 }),
      queue.hint,
    ]);
    run.answer("done");
    await running;
  });

  it.each(["clear", "清空"])("%s drops what waits, once, and nothing that came later", async (word) => {
    const { person, run, running } = await personWithRun();
    await person.write("second");
    const wish = person.text(`/queue ${word}`);
    await person.write("third");
    expect(await person.handle(wish)).toBe(command.dropped({ dropped: 1 }));
    expect(await person.handle(wish)).toBe(command.dropped({ dropped: 1 }));
    expect(await person.waiting()).toEqual(["third"]);
    run.answer("done");
    expect(await running).toEqual({ status: "committed", remaining: 1 });
    await person.say("/queue clear");
    expect(await person.say("/queue clear")).toBe(queue.empty);
  });

  it("adds a turn of its own, once, and no message joins it", async () => {
    const person = harness.person();
    const wish = person.text("/queue alone");
    expect(await person.handle(wish)).toBe(queue.starting);
    expect(await person.handle(wish)).toBe(queue.starting);
    await person.write("other");
    expect(await person.say("/queue 排队")).toBe(queue.added({ position: 3 }));
    expect(await person.waiting()).toEqual(["alone", "other", "排队"]);
    while ((await person.waiting()).length > 0) await person.turn();
    expect(await person.outbox()).toEqual(["re: alone", "re: other", "re: 排队"]);
  });

  it("has a limit, and says so", async () => {
    const person = harness.person();
    for (let n = 0; n < MAILBOX_LIMIT; n++) await person.write(String(n));
    expect(await person.say("/queue one more")).toBe(turn.mailboxFull({ limit: MAILBOX_LIMIT }));
    expect(await person.say("/steer one more")).toBe(turn.mailboxFull({ limit: MAILBOX_LIMIT }));
    expect(await person.waiting()).toHaveLength(MAILBOX_LIMIT);
  });

  it("takes any text as it is", async () => {
    const person = harness.person();
    const hostile = ["{position}", "x".repeat(10_000), "a\u0000\u001b[31mb", "clear the table"];
    for (const text of hostile) await person.say(`/queue ${text}`);
    expect(await person.waiting()).toEqual(hostile);
    expect(Buffer.byteLength((await person.say("/queue")) ?? "")).toBeLessThan(2048);
  });
});

describe("/steer", () => {
  it("hands the text to the running agent, once and before what waits", async () => {
    const { person, run, running } = await personWithRun(true);
    await person.write("waits its turn");
    const wish = person.text("/steer also this");
    expect(await person.handle(wish)).toBe(queue.steered);
    await waitUntil("the run has it", () => run.steered.length > 0);
    expect(await person.handle(wish)).toBe(queue.steered);
    await person.say("/补充 and this");
    await waitUntil("the run has the second", () => run.steered.length > 1);
    expect(run.steered).toEqual(["also this", "and this"]);
    expect(await person.waiting()).toEqual(["waits its turn"]);
    run.answer("done");
    expect(await running).toEqual({ status: "committed", remaining: 1 });
    await person.turn();
    expect(await person.outbox()).toEqual(["done", "re: waits its turn"]);
  });

  it("looks many times and hands each message over once", async () => {
    const { person, run, running } = await personWithRun(true);
    const { turnControl } = harness.tools;
    await Promise.all(Array.from({ length: 5 }, () => turnControl.nudge(person.conversation)));
    for (let n = 1; n <= 5; n++) await person.say(`/steer ${n}`);
    await waitUntil("all are there", () => run.steered.length >= 5);
    await Promise.all(Array.from({ length: 5 }, () => turnControl.nudge(person.conversation)));
    run.answer("done");
    expect(await running).toEqual({ status: "committed", remaining: 0 });
    expect([...run.steered].sort()).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("never gives the running turn what asked for one of its own", async () => {
    const { person, run, running } = await personWithRun(true);
    await person.say("/queue alone");
    await harness.tools.turnControl.steer(person.conversation);
    await person.say("/steer this");
    await waitUntil("the run has it", () => run.steered.length > 0);
    run.answer("done");
    await running;
    expect(run.steered).toEqual(["this"]);
    expect(await person.waiting()).toEqual(["alone"]);
  });

  it("waits where the runner cannot take it in, and is next", async () => {
    const { person, run, running } = await personWithRun(false);
    await person.write("later");
    expect(await person.say("/steer sooner")).toBe(queue.steerWaits);
    expect(await person.waiting()).toEqual(["sooner", "later"]);
    expect(run.steered).toEqual([]);
    run.answer("done");
    await running;
  });

  it("is a message like any other where nothing runs", async () => {
    const person = harness.person();
    const wish = person.text("/steer hello");
    expect(await person.handle(wish)).toBe(queue.steerIdle);
    expect(await person.handle(wish)).toBe(queue.steerIdle);
    expect(await person.waiting()).toEqual(["hello"]);
    expect(await person.say("/steer")).toBe(queue.steerUsage);
    expect(await person.say("/steer   ")).toBe(queue.steerUsage);
  });
});

describe("/busy", () => {
  const modes = (["queue", "steer", "interrupt"] as const).map((mode) => `• ${busyMode[mode]}`).join("\n");

  it("shows the mode in force and the others", async () => {
    const person = harness.person();
    const shown = `${queue.busyNow({ mode: busyMode.queue })}\n\n${queue.busyHint({ modes })}`;
    expect(await person.say("/busy")).toBe(shown);
    await person.say("/busy steer");
    expect(await person.say("/忙时")).toContain(queue.busyNow({ mode: busyMode.steer }));
  });

  it.each([
    ["queue", "queue"],
    ["steer", "steer"],
    ["INTERRUPT", "interrupt"],
    ["排队", "queue"],
    ["补充", "steer"],
    ["打断", "interrupt"],
  ] as const)("%s sets it, however often", async (word, mode) => {
    const person = harness.person();
    const wish = person.text(`/busy ${word}`);
    for (let n = 0; n < 2; n++)
      expect(await person.handle(wish)).toBe(queue.busySet({ mode: busyMode[mode] }));
    expect((await harness.tools.sessions.read(person.conversation)).busyMode).toBe(mode);
  });

  it.each(["x".repeat(10_000), "\u0000", "constructor", "queue steer"])(
    "changes nothing for a word that is no mode (%#)",
    async (word) => {
      const person = harness.person();
      const answer = await person.say(`/busy ${word}`);
      expect(answer).toBe(
        `${queue.busyUnknown}${queue.busyNow({ mode: busyMode.queue })}\n\n${queue.busyHint({ modes })}`,
      );
      expect((await harness.tools.sessions.read(person.conversation)).busyMode).toBeUndefined();
    },
  );

  it("holds for messages that come while the agent runs", async () => {
    const { person, running } = await personWithRun();
    await person.say("/busy interrupt");
    const press = person.event("click", { eventKey: "report" });
    expect(await person.handle(press)).toBeUndefined();
    expect(await running).toEqual({ status: "committed", remaining: 1 });
    expect(await person.outbox()).toEqual([turn.interrupted]);
    // Handled again while its own turn runs, it must not stop that.
    const held = harness.runner.hold();
    const own = person.turn();
    const run = await held;
    await person.write("behind it");
    await person.handle(press);
    run.answer("report");
    await own;
    expect(await person.outbox()).toEqual([turn.interrupted, "report"]);
  });
});
