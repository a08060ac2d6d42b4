import { describe, expect, it } from "@jest/globals";
import { resolveOperator } from "./operator.ts";

describe("resolveOperator", () => {
  it("takes the configured password, wherever the console listens", () => {
    expect(resolveOperator({ host: "0.0.0.0", user: "admin", password: "a good one" })).toEqual({
      ...{ user: "admin", password: "a good one", isGenerated: false },
    });
  });

  it.each(["127.0.0.1", "127.8.9.1", "::1", "localhost"])(
    "makes up a strong one for %s, each time another",
    (host) => {
      const [one, two] = [resolveOperator({ host, user: "admin" }), resolveOperator({ host, user: "admin" })];
      expect(one.isGenerated).toBe(true);
      expect(one.password).toMatch(/^[\w-]{24}$/);
      expect(one.password).not.toBe(two.password);
    },
  );

  it.each(["0.0.0.0", "::", "10.0.0.5", "console.example", "127.0.0.1.evil.example", ""])(
    "does not start on %j without a password, and says what to set",
    (host) => {
      expect(() => resolveOperator({ host, user: "admin" })).toThrow(/Set CONSOLE_PASSWORD .* 127\.0\.0\.1/s);
      expect(() => resolveOperator({ host, user: "admin", password: "" })).toThrow(/CONSOLE_PASSWORD/);
    },
  );
});
