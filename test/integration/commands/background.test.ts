import { backgroundTaskName, conversationId } from "@gateway/conversation";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { backgroundOf } from "../../../services/worker/src/conversations.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { Harness, Person } from "./harness.ts";
import { startHarness, texts } from "./harness.ts";

// Retires the risk that a task beside the conversation mixes with it, answers elsewhere, or never ends.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const { background, approval, status } = texts;

async function begin(person: Person, text: string) {
  const wish = person.text(`/bg ${text}`);
  const answer = await person.handle(wish);
  const name = backgroundTaskName(wish.id);
  return { wish, answer, name, conversation: conversationId(backgroundOf(person.ref, name)) };
}

describe("/bg", () => {
  it("runs beside the conversation and answers into it, by name", async () => {
    const person = harness.person();
    const held = harness.runner.hold();
    await person.write("in front");
    const front = person.turn();
    const run = await held;
    const task = await begin(person, "count the stars");
    expect(task.answer).toBe(background.started({ task: task.name, preview: "count the stars" }));
    await person.turn(task.conversation);
    run.answer("done");
    await front;
    expect(await person.outbox()).toEqual([
      background.labelled({ task: task.name, text: "re: count the stars" }),
      "done",
    ]);
    const said = await harness.tools.transcript(person.conversation);
    expect(said.map(({ user }) => user)).toEqual(["in front"]);
  });

  it("begins once, however often it is handled, also when it has ended", async () => {
    const person = harness.person();
    const task = await begin(person, "once");
    expect(await person.handle(task.wish)).toBe(task.answer);
    expect(await person.waiting(task.conversation)).toEqual(["once"]);
    await person.turn(task.conversation);
    expect(await person.handle(task.wish)).toBe(task.answer);
    expect(await person.waiting(task.conversation)).toEqual([]);
    expect(await person.outbox()).toHaveLength(1);
  });

  it("is limited, and has room again when one has ended", async () => {
    const person = harness.person();
    const tasks = [await begin(person, "1"), await begin(person, "2"), await begin(person, "3")];
    const names = tasks.map(({ name }) => name).join(" ");
    expect((await begin(person, "4")).answer).toBe(background.tooMany({ limit: 3, tasks: names }));
    await person.turn(tasks[0]?.conversation);
    const next = await begin(person, "5");
    expect(next.answer).toBe(background.started({ task: next.name, preview: "5" }));
  });

  it("shows in /status while it runs", async () => {
    const person = harness.person();
    const task = await begin(person, "long story");
    const line = status.background({ task: task.name, preview: "long story", elapsed: "1 秒" });
    expect(await person.say("/status")).toContain(line);
    await person.turn(task.conversation);
    expect(await person.say("/status")).not.toContain(task.name);
  });

  it("asks the person in the main conversation", async () => {
    const person = harness.person();
    const task = await begin(person, "needs leave");
    const held = harness.runner.hold();
    const turn = person.turn(task.conversation);
    const run = await held;
    const decision = run.io.approve({ title: "push", detail: "" });
    const pending = await waitUntil("the request is there", async () => {
      const requests = await harness.tools.approvals.pending(person.conversation);
      return requests.length > 0 && requests;
    });
    const code = pending[0]?.code ?? "";
    const asked = approval.asked({ title: "push", detail: "", code });
    await waitUntil("the person is asked", async () =>
      (await person.outbox()).includes(background.labelled({ task: task.name, text: asked }).trimEnd()),
    );
    expect(await person.say("/approve")).toBe(approval.approved({ title: "push" }));
    expect(await decision).toBe("approved");
    run.answer("done");
    await turn;
  });

  it("leaves nothing behind that does not expire", async () => {
    const person = harness.person();
    const task = await begin(person, "tidy");
    await person.turn(task.conversation);
    await person.say("/status");
    const keys = await harness.redis.keys(`*${task.conversation.replaceAll("%", "\\%")}*`);
    const lasting: string[] = [];
    for (const key of keys) if ((await harness.redis.pttl(key)) < 0) lasting.push(key);
    expect(lasting.filter((key) => !key.includes(":turns:"))).toEqual([]);
  });

  it("wants a text, and takes any", async () => {
    const person = harness.person();
    expect(await person.say("/bg")).toBe(background.usage);
    expect(await person.say("/后台  ")).toBe(background.usage);
    for (const text of ["x".repeat(10_000), "a\u0000\u001b[31mb", "{preview}{task}"]) {
      const task = await begin(person, text);
      expect(Buffer.byteLength(task.answer ?? "")).toBeLessThan(1000);
      expect(await person.waiting(task.conversation)).toEqual([text]);
    }
  });
});
