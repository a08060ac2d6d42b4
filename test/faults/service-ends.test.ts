import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import { checkHistory } from "./check-history.ts";
import type { FaultStack } from "./fault-stack.ts";
import { startFaultStack } from "./fault-stack.ts";

// Whatever runs the services starts them again, and two of a kind stand in for each other: an end shows nowhere else.

const LIMIT_MS = 120_000;

describe("the history of services that end", () => {
  let gateway: FaultStack;
  beforeAll(async () => {
    gateway = await startFaultStack({ workers: 2 });
  }, LIMIT_MS);
  afterAll(() => gateway?.stop());

  const violations = async () =>
    checkHistory(await gateway.history(), { maxAttempts: 1, toldWithinMs: 0 }).map(({ rule }) => rule);

  it(
    "is content with those that the test has ended, and finds the others, also when they run again",
    async () => {
      const [first, second] = gateway.stack.workers;
      const [ingress] = gateway.stack.ingress;
      if (first === undefined || second === undefined || ingress === undefined) throw new Error("too few");
      await gateway.kill(first);
      await gateway.replace(ingress);
      expect(await violations()).toEqual([]);

      second.process.signal("SIGTERM");
      await waitUntil("it has ended", () => !second.process.isRunning());
      expect(await violations()).toEqual(["ended-by-itself"]);
      await second.start();
      expect(await violations()).toEqual(["ended-by-itself"]);

      // Found by a supervisor, who thinks that the message has killed it.
      second.process.signal("SIGTERM");
      await waitUntil("it has ended", () => !second.process.isRunning());
      gateway.noteKilled(second);
      await second.start();
      second.process.signal("SIGKILL");
      await waitUntil("it has ended", () => !second.process.isRunning());
      gateway.noteKilled(second);
      expect(await violations()).toEqual(["ended-by-itself", "ended-by-itself"]);
    },
    LIMIT_MS,
  );
});
