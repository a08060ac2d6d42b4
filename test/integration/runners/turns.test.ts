import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { RunFailureCode } from "../../../services/worker/src/runners/runner.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { Harness, Person } from "../commands/harness.ts";
import { startHarness, texts } from "../commands/harness.ts";
import type { HeldRun } from "../commands/scripted-runner.ts";

// Retires the risk that what a runner tells the worker is lost, or means something else there.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const reattaching = () => ({ ...harness.app, runner: { ...harness.runner, reattaches: true as const } });

interface Begun {
  readonly run: HeldRun;
  readonly outcome: ReturnType<Person["turn"]>;
}

/** The agent has the turn. */
async function begin(person: Person, as = harness.app): Promise<Begun> {
  const held = harness.runner.hold({ takesSteer: true });
  const outcome = person.turn(person.conversation, as);
  return { run: await held, outcome };
}

/** Its worker is killed: what the run does from now on is a ghost's. */
async function kill(person: Person, { run, outcome }: Begun): Promise<void> {
  await person.killWorker();
  run.answer("from a ghost");
  expect(await outcome).toEqual({ status: "lost" });
}

describe("what a run has stored", () => {
  it("reaches the next attempt when its worker is killed, and no other turn", async () => {
    const person = harness.person();
    await person.write("first");
    const first = await begin(person);
    expect(first.run.turn).not.toHaveProperty("checkpoint");
    await first.run.io.checkpoint({ run: { id: "run-1" }, session: { id: "session-1" } });
    await kill(person, first);

    const second = await begin(person);
    expect(second.run.turn).toMatchObject({ id: first.run.turn.id, attempt: 2, checkpoint: { id: "run-1" } });
    second.run.answer("done");
    expect(await second.outcome).toMatchObject({ status: "committed" });

    await person.write("next");
    const next = await begin(person);
    expect(next.run.turn).toMatchObject({ attempt: 1, session: { state: { id: "session-1" } } });
    expect(next.run.turn).not.toHaveProperty("checkpoint");
    next.run.answer("done too");
    await next.outcome;
    expect(await person.outbox()).toEqual(expect.arrayContaining(["done", "done too"]));
    expect(await person.outbox()).not.toContain("from a ghost");
  });

  it("does not reach the session after /new", async () => {
    const person = harness.person();
    await person.write("first");
    const { run, outcome } = await begin(person);
    await run.io.checkpoint({ session: { id: "session-1" } });
    run.answer("done");
    await outcome;
    await person.say("/new");
    await person.write("anew");
    const next = await begin(person);
    expect(next.run.turn.session).toEqual({ epoch: 1 });
    next.run.answer("done");
    await next.outcome;
  });

  it("cannot be stored by a run whose turn another worker has: it is told to stop", async () => {
    const person = harness.person();
    await person.write("first");
    const { run, outcome } = await begin(person);
    await person.killWorker();
    await expect(run.io.checkpoint({ run: { id: "ghost" } })).rejects.toThrow("Another worker");
    expect(run.io.signal.reason).toBe("lost");
    expect(await outcome).toEqual({ status: "lost" });
    const second = await begin(person);
    expect(second.run.turn).not.toHaveProperty("checkpoint");
    second.run.answer("done");
    await second.outcome;
  });
});

describe("additions that the agent did not get to", () => {
  it("become the next turn, once; those that it did are part of this one", async () => {
    const person = harness.person();
    await person.write("first");
    const { run, outcome } = await begin(person);
    for (const [index, text] of ["second", "third"].entries()) {
      await person.say(`/steer ${text}`);
      await waitUntil("it was taken in", () => run.steered.length === index + 1);
    }
    run.end({ status: "done", text: "first and second", untaken: 1 });
    expect(await outcome).toEqual({ status: "committed", remaining: 1 });
    expect(await person.waiting()).toEqual(["third"]);
    const before = harness.runner.seen.length;
    expect(await person.turn()).toEqual({ status: "committed", remaining: 0 });
    expect(await person.turn()).toEqual({ status: "empty" });
    expect(harness.runner.seen.slice(before)).toEqual(["third"]);
  });
});

describe("how often a turn is attempted", () => {
  /** Returns the attempt that was not cut off. */
  async function cutOff(person: Person, times: number, as = harness.app): Promise<Begun> {
    for (let count = 0; count < times; count += 1) await kill(person, await begin(person, as));
    return begin(person, as);
  }

  it("a third and a fourth time where each attempt finds the same run", async () => {
    const person = harness.person();
    await person.write("long work");
    const { run, outcome } = await cutOff(person, 3, reattaching());
    expect(run.turn.attempt).toBe(4);
    run.answer("done after all");
    await outcome;
    expect(await person.outbox()).toContain("done after all");
  });

  it("no third time where each attempt runs the agent anew", async () => {
    const person = harness.person();
    const { id } = await person.write("poison");
    const second = await cutOff(person, 1);
    await kill(person, second);
    expect(await person.turn()).toMatchObject({ status: "committed" });
    expect(await person.outbox()).toContain(texts.turn.poison({ reference: id }));
  });
});

describe("what a person is told of a run that failed", () => {
  it.each<[RunFailureCode, keyof typeof texts.turn]>([
    ["agent", "failed"],
    ["auth", "notSetUp"],
    ["config", "notSetUp"],
    ["crash", "failed"],
    ["empty", "failed"],
    ["idle", "idle"],
    ["internal", "failed"],
    ["interrupted", "cutOff"],
    ["output", "failed"],
    ["protocol", "failed"],
    ["provider", "unavailable"],
    ["rate_limit", "unavailable"],
    ["refusal", "refused"],
    ["timeout", "failed"],
  ])("%s: %s, and never why", async (code, name) => {
    const person = harness.person();
    const { id } = await person.write("try this");
    const { run, outcome } = await begin(person);
    run.end({ status: "failed", code, retryable: false, detail: "internals" });
    await outcome;
    const say = texts.turn[name] as (given: { reference: string }) => string;
    expect(await person.outbox()).toEqual([say({ reference: id })]);
  });
});
