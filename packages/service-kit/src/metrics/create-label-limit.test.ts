import { describe, expect, it } from "@jest/globals";
import { createLabelLimit } from "./create-label-limit.ts";

describe("createLabelLimit", () => {
  it("lets the first values through, again and again, and calls all others the same", () => {
    const limit = createLabelLimit(2);
    expect(["a", "b", "c", "a", "d", "b"].map(limit)).toEqual(["a", "b", "other", "a", "other", "b"]);
  });
});
