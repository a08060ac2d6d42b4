import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { Harness } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a repetition loses messages, repeats them twice, or leaves the agent a false memory.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { command } = texts;

async function personWithTurns(...contents: string[]) {
  const person = harness.person();
  for (const content of contents) {
    await person.write(content);
    await person.turn();
  }
  const said = async () => (await harness.tools.transcript(person.conversation)).map(({ user }) => user);
  return { person, said };
}

describe("/retry", () => {
  it("does the last turn again, once, and replaces what it left", async () => {
    const { person, said } = await personWithTurns("one", "two");
    const wish = person.text("/retry");
    expect(await person.handle(wish)).toBe(command.retrying);
    expect(await person.handle(wish)).toBe(command.retrying);
    expect(await person.waiting()).toEqual(["two"]);
    expect(await said()).toEqual(["one"]);
    await person.turn();
    expect(await person.handle(wish)).toBe(command.retrying);
    expect(await person.waiting()).toEqual([]);
    expect(await said()).toEqual(["one", "two"]);
    expect(await person.outbox()).toEqual(["re: one", "re: two", "re: two"]);
  });

  it("can be repeated itself, and repeats what the run took in on its way", async () => {
    const person = harness.person();
    const held = harness.runner.hold({ takesSteer: true });
    await person.write("ask");
    const turn = person.turn();
    const run = await held;
    await person.say("/steer more");
    await waitUntil("the run has it", () => run.steered.length > 0);
    run.answer("done");
    await turn;
    for (let n = 0; n < 3; n++) {
      expect(await person.say("/重试")).toBe(command.retrying);
      expect(await person.waiting()).toEqual(["ask", "more"]);
      expect(await person.turn()).toEqual({ status: "committed", remaining: 0 });
    }
    expect(harness.runner.seen.slice(-3)).toEqual(["ask\nmore", "ask\nmore", "ask\nmore"]);
  });

  it("repeats a turn that failed", async () => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.write("will fail");
    const turn = person.turn();
    (await held).end({ status: "failed", code: "agent", retryable: false, detail: "scripted" });
    await turn;
    await person.say("/retry");
    await person.turn();
    expect((await person.outbox()).at(-1)).toBe("re: will fail");
  });

  it("says so when there is nothing to repeat, whatever follows it", async () => {
    const person = harness.person();
    for (const rest of ["", " please", ` ${"x".repeat(10_000)}`, " \u0000"])
      expect(await person.say(`/retry${rest}`)).toBe(command.nothingToRetry);
  });

  it("does not pile up behind a run or a message that waits", async () => {
    const { person } = await personWithTurns("one");
    await person.write("waits");
    expect(await person.say("/retry")).toBe(command.retryLater);
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    expect(await person.say("/retry")).toBe(command.retryLater);
    run.answer("done");
    await turn;
    expect(await person.waiting()).toEqual([]);
  });
});

describe("/undo", () => {
  it("forgets the last exchange, once", async () => {
    const { person, said } = await personWithTurns("one", "two", "three");
    const wish = person.text("/undo");
    expect(await person.handle(wish)).toBe(command.undone({ count: 1 }));
    expect(await person.handle(wish)).toBe(command.undone({ count: 1 }));
    expect(await said()).toEqual(["one", "two"]);
    expect(await person.say("/retry")).toBe(command.nothingToRetry);
  });

  it("forgets several, and says how many there were", async () => {
    const { person, said } = await personWithTurns("one", "two", "three");
    expect(await person.say("/撤销 2")).toBe(command.undone({ count: 2 }));
    expect(await said()).toEqual(["one"]);
    expect(await person.say("/undo 20")).toBe(command.undone({ count: 1 }));
    expect(await person.say("/undo")).toBe(command.nothingToUndo);
  });

  it("waits for the end of a run, also when it is handled again", async () => {
    const { person, said } = await personWithTurns("one", "two");
    const before = person.text("/undo");
    expect(await person.handle(before)).toBe(command.undone({ count: 1 }));
    const held = harness.runner.hold();
    await person.write("three");
    const turn = person.turn();
    const run = await held;
    expect(await person.say("/undo")).toBe(command.undoLater);
    expect(await person.handle(before)).toBe(command.undone({ count: 1 }));
    run.answer("done");
    await turn;
    expect(await said()).toEqual(["one", "three"]);
  });

  it.each(["0", "21", "-1", "1.5", "1e1", "all", "９", "x".repeat(10_000), "\u0000"])(
    "explains itself for what is no number of exchanges (%#)",
    async (count) => {
      const { person, said } = await personWithTurns("one");
      expect(await person.say(`/undo ${count}`)).toBe(command.undoUsage({ limit: 20 }));
      expect(await said()).toEqual(["one"]);
    },
  );

  it("is honest where the agent keeps its own memory", async () => {
    const { person, said } = await personWithTurns("one");
    const runner = { ...harness.runner, keepsMemory: true as const };
    expect(await person.handle(person.text("/undo"), { runner })).toBe(command.undoNotPossible);
    expect(await said()).toEqual(["one"]);
  });
});
