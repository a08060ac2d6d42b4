import { describe, expect, it } from "@jest/globals";
import { csrfTokenOf, isCsrfToken } from "./csrf.ts";

describe("the token against forged requests", () => {
  it("belongs to one cookie", () => {
    const token = csrfTokenOf("a".repeat(43));
    expect(isCsrfToken(token, "a".repeat(43))).toBe(true);
    expect(isCsrfToken(token, "b".repeat(43))).toBe(false);
    expect(token).not.toContain("aaa");
  });

  it.each([undefined, "", "x", ["x"], { length: 43 }, 7])("is not %j", (given) => {
    expect(isCsrfToken(given, "secret")).toBe(false);
  });
});
