import type { InboundMessage } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import { createMessageStore } from "./store-message.ts";
import { createManualClock } from "./testing/manual-clock.ts";

const message = { v: 1, id: "cb-1" } as InboundMessage;
const deadline = { lastAttemptAtMs: 3500, cutAtMs: 4500 };

/** Answers the attempts one by one; the last answer stays. */
function storeAnswering(...answers: (() => Promise<"accepted" | "duplicate">)[]) {
  const clock = createManualClock();
  const attemptsAtMs: number[] = [];
  const accept = () => {
    const answer = answers[Math.min(attemptsAtMs.length, answers.length - 1)];
    attemptsAtMs.push(clock.monotonic());
    if (answer === undefined) throw new Error("no answer prepared");
    return answer();
  };
  return {
    clock,
    attemptsAtMs,
    store: createMessageStore({ acceptor: { accept }, clock, retryEveryMs: 200 }),
  };
}

const fails = (error: Error) => () => Promise.reject(error);
const hangs = () => new Promise<never>(() => {});

describe("storing a message", () => {
  it("passes on what the acceptor says and leaves no timer behind", async () => {
    const { store, clock } = storeAnswering(async () => "duplicate");
    expect(await store.store(message, deadline)).toEqual({ status: "duplicate" });
    expect(clock.sleepers()).toBe(0);
  });

  it("tries again until Redis takes it", async () => {
    const down = fails(new Error("Connection is closed."));
    const { store, clock, attemptsAtMs } = storeAnswering(down, down, async () => "accepted");
    const stored = store.store(message, deadline);
    await clock.advance(1000);
    expect(await stored).toEqual({ status: "accepted" });
    expect(attemptsAtMs).toEqual([0, 200, 400]);
  });

  it("starts no attempt after the retry budget", async () => {
    const { store, clock, attemptsAtMs } = storeAnswering(fails(new Error("Connection is closed.")));
    const stored = store.store(message, deadline);
    await clock.advance(5000);
    expect(await stored).toEqual({ status: "failed", code: "store_not_connected" });
    expect(attemptsAtMs.at(-1)).toBeLessThanOrEqual(deadline.lastAttemptAtMs);
    expect(attemptsAtMs.length).toBeGreaterThan(10);
  });

  it("waits for a slow answer until the connection is cut, not longer", async () => {
    const { store, clock } = storeAnswering(hangs);
    let result: unknown;
    void store.store(message, deadline).then((value) => {
      result = value;
    });
    await clock.advance(deadline.cutAtMs - 1);
    expect(result).toBeUndefined();
    await clock.advance(1);
    expect(result).toEqual({ status: "failed", code: "store_timeout" });
  });

  it("uses an answer that comes after the last attempt but before the cut", async () => {
    const { store, clock } = storeAnswering(() => clock.sleep(4000).then(() => "accepted" as const));
    const stored = store.store(message, deadline);
    await clock.advance(4000);
    expect(await stored).toEqual({ status: "accepted" });
  });

  it.each([
    [new Error("OOM command not allowed when used memory > 'maxmemory'. secret"), "OOM"],
    [Object.assign(new Error("connect ECONNREFUSED secret"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    [new Error("Command timed out"), "store_timeout"],
    [new TypeError("secret"), "TypeError"],
  ])("names the failure without its text", async (error, code) => {
    const { store, clock } = storeAnswering(fails(error));
    const stored = store.store(message, deadline);
    await clock.advance(5000);
    expect(await stored).toEqual({ status: "failed", code });
  });
});
