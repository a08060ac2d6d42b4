import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../support/wait-until.ts";
import type { WorkerHarness } from "./harness.ts";
import { startHarness } from "./harness.ts";

// Retires the risk that letters nobody can decide about any more stay for good, and an alert with them.

const DAY_MS = 24 * 3600 * 1000;

let harness: WorkerHarness;
beforeAll(async () => {
  harness = await startHarness({
    run: async ({ text }) =>
      text === "fail"
        ? { status: "failed", code: "agent", detail: "It failed.", retryable: false }
        : { status: "done", text: `re: ${text}` },
  });
});
afterAll(() => harness.stop());

const letters = async () => (await harness.deadLetters()).flatMap(({ messageIds }) => messageIds);
const content = async () => {
  const keys = await harness.redis.keys(harness.keys.deadLetter("*"));
  return keys.map((key) => key.slice(harness.keys.deadLetter("dead-").length));
};

describe("a dead letter", () => {
  it("is removed with what it was made of when it is 30 days old, and not before", async () => {
    const old = await harness.say("main", "anna", "fail");
    await harness.hears("anna", new RegExp(old));
    harness.clock.aheadMs = 2 * DAY_MS;
    const young = await harness.say("main", "bert", "fail");
    await harness.hears("bert", new RegExp(young));
    expect((await letters()).sort()).toEqual([old, young].sort());
    expect((await content()).sort()).toEqual([old, young].sort());

    harness.clock.aheadMs = 31 * DAY_MS;
    await waitUntil("the first letter is gone", async () => !(await letters()).includes(old), {
      timeoutMs: 30_000,
    });
    expect(await letters()).toEqual([young]);
    await waitUntil("its content is gone", async () => (await content()).length === 1);
    expect(await content()).toEqual([young]);
  });

  it("of a reply does not outlive the reply", async () => {
    harness.emulator.setFaults([
      { match: { path: "message/send" }, times: 1, action: { type: "errcode", errcode: 81013 } },
    ]);
    const id = await harness.say("main", "carl", "hello");
    const letter = await waitUntil("the letter is there", async () =>
      (await harness.deadLetters()).find(({ messageIds }) => messageIds.includes(id)),
    );
    const key = harness.keys.reply(letter.replyId);
    const leftMs = await waitUntil("the reply is finished", async () => {
      const ms = await harness.redis.pttl(key);
      return ms > 0 ? ms : undefined;
    });
    expect(leftMs).toBeGreaterThan(29 * DAY_MS);
  });
});
