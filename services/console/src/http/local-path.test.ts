import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { localPath } from "./local-path.ts";

const HERE = "http://127.0.0.1:8646";

describe("localPath", () => {
  it("keeps a path of this console with its query", () => {
    expect(localPath("/queues/queue/dead?page=2")).toBe("/queues/queue/dead?page=2");
  });

  it.each([
    undefined,
    1,
    ["/"],
    "",
    "x",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/.//evil.example",
    `/${"x".repeat(2000)}`,
  ])("gives the first page for %j", (candidate) => {
    expect(localPath(candidate)).toBe("/");
  });

  it("never leads away from this console, whatever it is given", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      ":",
      "@",
      "\t",
      "\n",
      "%2f",
      "evil.example",
      "http",
      "?",
      "#",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = localPath(`/${pieces.join("")}`);
        expect(new URL(path, HERE).origin).toBe(HERE);
        expect(path).toMatch(/^\/(?![/\\])/);
      }),
    );
  });
});
