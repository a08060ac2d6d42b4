import { describe, expect, it } from "@jest/globals";
import { scrubError } from "./scrub-error.ts";

describe("scrubError", () => {
  it("keeps what explains an error, and nothing that a library hung on it", () => {
    const error = Object.assign(new TypeError("send failed"), {
      code: "ECONNRESET",
      errcode: 40_014,
      kind: "token",
      retryable: true,
      hint: "try again",
      config: { url: "?access_token=abc" },
      request: { path: "?access_token=abc" },
      command: { name: "auth", args: ["password"] },
    });
    const { stack, ...rest } = scrubError(error);
    expect(stack).toContain("scrub-error.test");
    expect(rest).toEqual({
      type: "TypeError",
      message: "send failed",
      code: "ECONNRESET",
      errcode: 40_014,
      kind: "token",
      retryable: true,
      hint: "try again",
    });
  });

  it("follows causes and parts, but not for ever", () => {
    const loop = new Error("loop");
    loop.cause = loop;
    expect(JSON.stringify(scrubError(loop)).match(/"loop"/g)).toHaveLength(5);
    const parts = Array.from({ length: 9 }, (_, index) => new Error(`part ${index}`));
    expect(scrubError(new AggregateError(parts, "all failed")).errors).toHaveLength(5);
  });

  it("is bounded", () => {
    const error = new Error("x".repeat(1_000_000));
    expect(JSON.stringify(scrubError(error)).length).toBeLessThan(7000);
  });

  it.each([
    ["text", { type: "string", message: "text" }],
    [undefined, { type: "undefined", message: "undefined" }],
    [{ password: "x" }, { type: "object", message: "a thrown object" }],
  ])("takes whatever was thrown: %j", (thrown, expected) => {
    expect(scrubError(thrown)).toEqual(expected);
  });
});
