import { describe, expect, it } from "@jest/globals";
import { readCookie } from "./cookies.ts";

describe("readCookie", () => {
  it.each<[string | undefined, string | undefined]>([
    ["id=1", "1"],
    ["a=2; id=1; b=3", "1"],
    ["id=a=b==", "a=b=="],
    ["id=", ""],
    ["id=1; id=2", "1"],
    ["xid=2; idx=3; id", undefined],
    ["=id", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%j", (header, value) => {
    expect(readCookie(header, "id")).toBe(value);
  });
});
