import { describe, expect, it } from "@jest/globals";
import { createAcceptWithJobScript } from "./accept-scripts.ts";

describe("accepting a message and adding its job in one step", () => {
  it("is possible with the script of this BullMQ", () => {
    // After an update of BullMQ: see what changed in its addStandardJob, run test/integration/conversation, and only
    // then write the new digest into accept-scripts.ts. Until then every message takes two commands.
    expect(createAcceptWithJobScript()).toBeDefined();
  });

  it("is not attempted with any other script", () => {
    expect(createAcceptWithJobScript("return 1")).toBeUndefined();
  });
});
