import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Harness } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a run which is cut off forgets what it has done, or that one turn gets what another did.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

describe("the steps of a run", () => {
  it("are given to the next attempt in order, and to no other turn", async () => {
    const person = harness.person();
    await person.write("first");
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    expect(run.turn.steps).toEqual([]);
    for (const number of [0, 1, 1, 2]) await run.io.checkpoint({ step: { number, state: { number } } });
    run.end({ status: "failed", code: "provider", retryable: true, detail: "" });
    expect(await turn).toEqual({ status: "retry", attempt: 1 });

    const again = harness.runner.hold();
    const second = person.turn();
    const next = await again;
    expect(next.turn.steps).toEqual([{ number: 0 }, { number: 1 }, { number: 2 }]);
    next.answer("done");
    await second;

    await person.write("another");
    const other = harness.runner.hold();
    const third = person.turn();
    const last = await other;
    expect(last.turn.steps).toEqual([]);
    last.answer("done");
    await third;
  });

  it("are refused when they are too large", async () => {
    const person = harness.person();
    await person.write("first");
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    const state = { text: "x".repeat(300_000) };
    await expect(run.io.checkpoint({ step: { number: 0, state } })).rejects.toThrow(/262144 bytes/);
    run.answer("done");
    await turn;
  });
});

describe("the memory that a runner gives with its answer", () => {
  /** Answers, and returns the history that the turn was given. */
  async function turnOf(person: ReturnType<Harness["person"]>, memory?: Record<string, unknown>) {
    await person.write("question");
    const held = harness.runner.hold();
    const turn = person.turn();
    const run = await held;
    const history = await run.turn.history();
    run.end({ status: "done", text: "answer", ...(memory === undefined ? {} : { memory }) });
    await turn;
    return history.map((exchange) => exchange.memory);
  }

  it("comes back with the exchange until that is undone or a new session begins", async () => {
    const person = harness.person();
    await turnOf(person, { calls: 1 });
    expect(await turnOf(person, { calls: 2 })).toEqual([{ of: "scripted", state: { calls: 1 } }]);
    await person.say("/undo");
    expect(await turnOf(person)).toEqual([{ of: "scripted", state: { calls: 1 } }]);
    await person.say("/new");
    expect(await turnOf(person)).toEqual([]);
  });

  it("is left out where it is too large", async () => {
    const person = harness.person();
    await turnOf(person, { calls: "x".repeat(40_000) });
    expect(await turnOf(person)).toEqual([undefined]);
  });
});

it("an answer that was cut off by the model's limit says so", async () => {
  const person = harness.person();
  await person.write("question");
  const held = harness.runner.hold();
  const turn = person.turn();
  (await held).end({ status: "done", text: "half of", truncated: true });
  await turn;
  expect(await person.outbox()).toEqual([`half of\n\n${texts.turn.truncated}`]);
});
