import { createExchange } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Harness } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a command which ends or drops something hits what the person sent after it.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { command, background } = texts;

describe("/stop", () => {
  it("ends the running turn; what waits is next", async () => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.write("first");
    const turn = person.turn();
    await held;
    await person.write("second");
    expect(await person.say("/stop")).toBe(command.stoppedNext({ waiting: 1 }));
    expect(await turn).toEqual({ status: "committed", remaining: 1 });
    expect(await person.outbox()).toEqual([]);
    await person.turn();
    expect(await person.outbox()).toEqual(["re: second"]);
  });

  it("says so when nothing runs, and what waits", async () => {
    const person = harness.person();
    expect(await person.say("/停止")).toBe(command.nothingToStop);
    await person.write("not begun");
    expect(await person.say("/stop")).toBe(command.nothingToStopButWaiting({ waiting: 1 }));
    expect(await person.waiting()).toEqual(["not begun"]);
  });

  it("handled again, stops no later turn and says the same", async () => {
    const person = harness.person();
    const first = harness.runner.hold();
    await person.write("first");
    const turn = person.turn();
    await first;
    const stop = person.text("/stop");
    expect(await person.handle(stop)).toBe(command.stopped);
    await turn;
    const second = harness.runner.hold();
    await person.write("second");
    const next = person.turn();
    const run = await second;
    expect(await person.handle(stop)).toBe(command.stopped);
    run.answer("done");
    expect(await next).toMatchObject({ status: "committed" });
    expect(await person.outbox()).toEqual(["done"]);
  });

  it("handled late, leaves alone what the person wrote after it", async () => {
    const person = harness.person();
    const stop = person.text("/stop");
    const held = harness.runner.hold();
    await person.write("later");
    const turn = person.turn();
    const run = await held;
    expect(await person.handle(stop)).toBe(command.nothingToStop);
    run.answer("done");
    await turn;
    expect(await person.outbox()).toEqual(["done"]);
  });

  it.each(["/stop all", "/stop 全部", "／停止 ALL"])("%s also drops what waits", async (wish) => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.write("first");
    const turn = person.turn();
    await held;
    await person.write("second");
    await person.write("third");
    expect(await person.say(wish)).toBe(`${command.stopped}\n${command.dropped({ dropped: 2 })}`);
    expect(await turn).toEqual({ status: "committed", remaining: 0 });
    expect(await person.say(wish)).toBe(command.nothingToStop);
  });

  it("takes whatever else is said for a plain stop", async () => {
    const person = harness.person();
    for (const rest of ["it please", "x".repeat(10_000), "\u0000\u001b[31m", "{task}"])
      expect(await person.say(`/stop ${rest}`)).toBe(command.nothingToStop);
  });

  it("can be repeated: /retry does the stopped messages again", async () => {
    const person = harness.person();
    await person.write("earlier");
    await person.turn();
    const held = harness.runner.hold();
    await person.write("stopped");
    const turn = person.turn();
    await held;
    await person.say("/stop");
    await turn;
    await person.say("/retry");
    expect(await person.waiting()).toEqual(["stopped"]);
    // The exchange before it is not what is repeated, so it stays.
    expect(await harness.tools.transcript(person.conversation)).toHaveLength(1);
  });
});

describe("/new", () => {
  it("stops, drops what waited and forgets, once", async () => {
    const person = harness.person();
    await person.write("old");
    await person.turn();
    const held = harness.runner.hold();
    await person.write("running");
    const turn = person.turn();
    await held;
    await person.write("waiting");
    const wish = person.text("/new");
    const expected = [command.newSession, command.stopped, command.dropped({ dropped: 1 })].join("\n");
    expect(await person.handle(wish)).toBe(expected);
    await turn;
    expect(await harness.tools.transcript(person.conversation)).toEqual([]);
    await person.write("of the new session");
    expect(await person.handle(wish)).toBe(expected);
    expect(await person.waiting()).toEqual(["of the new session"]);
    expect((await harness.tools.sessions.read(person.conversation)).epoch).toBe(1);
    expect(await person.say("/retry")).toBe(command.nothingToRetry);
  });

  it("leaves nothing of a run whose answer was there at that moment", async () => {
    const person = harness.person();
    const { mailbox, transcript, lastTurn } = harness.tools;
    await person.write("old");
    const fence = await person.lockTurn();
    await mailbox.claim(person.conversation, fence, () => ({ take: 1 }));
    await person.say("/new");
    const exchange = createExchange("old", "answer", { atMs: harness.clock.ms, turnId: "re-old" });
    const committed = await mailbox.commit(person.conversation, fence, 1, {
      plans: [],
      exchange,
      keepForRetry: true,
    });
    expect(committed).toEqual({ status: "committed", remaining: 0 });
    expect(await transcript(person.conversation)).toEqual([]);
    expect((await lastTurn(person.conversation)).entries).toEqual([]);
  });

  it("keeps what was written after it, although it is handled later", async () => {
    const person = harness.person();
    await person.write("before");
    const wish = person.text("/reset");
    await person.write("after");
    expect(await person.handle(wish)).toBe(`${command.newSession}\n${command.dropped({ dropped: 1 })}`);
    expect(await person.waiting()).toEqual(["after"]);
  });

  it("works where there is nothing to end, whatever follows it", async () => {
    const person = harness.person();
    for (const rest of ["", " my title", ` ${"x".repeat(10_000)}`, " \u0000"])
      expect(await person.say(`/new${rest}`)).toBe(command.newSession);
    expect((await harness.tools.sessions.read(person.conversation)).epoch).toBe(4);
  });
});

describe("/stop of background tasks", () => {
  it("by name, and all of them with all", async () => {
    const person = harness.person();
    const names: string[] = [];
    for (const task of ["one", "two"]) {
      const answer = (await person.say(`/bg ${task}`)) ?? "";
      names.push(/[2-9A-Z]{4}/u.exec(answer)?.[0] ?? "");
      expect(answer).toBe(background.started({ task: names.at(-1) ?? "", preview: task }));
    }
    const [one = "", two = ""] = names;
    expect(await person.say("/stop")).toContain(`后台任务 ${one}`);
    expect(await person.say(`/stop #${one.toLowerCase()}`)).toBe(command.stoppedTask({ task: one }));
    expect(await person.say("/stop all")).toBe(command.stoppedTask({ task: two }));
    expect(await person.say("/stop all")).toBe(command.nothingToStop);
  });
});
