import { describe, expect, it } from "@jest/globals";
import { epochMs, readAppId, readSearch } from "./read-search.ts";

describe("the search of an address", () => {
  it("is read, and what makes no sense is as if it were not there", () => {
    expect(readSearch({ user: " zhangsan ", app: "ww1:2", from: "2026-11-22T08:30", zone: "480" })).toEqual({
      ...{ user: "zhangsan", app: "ww1:2", from: "2026-11-22T08:30", zone: 480 },
    });
    const nonsense = { user: "", from: "yesterday", zone: "x", offset: "-1", id: ["a", "b"], other: "1" };
    expect(readSearch(nonsense)).toEqual({});
  });

  it("takes times as the operator's clock shows them, a named minute whole", () => {
    const atMs = Date.UTC(2026, 10, 22, 8, 30);
    expect(epochMs("2026-11-22T08:30", undefined)).toBe(atMs);
    expect(epochMs("2026-11-22T16:30", 480)).toBe(atMs);
    expect(epochMs("2026-11-22T16:30", 480, true)).toBe(atMs + 59_999);
    expect(epochMs("2026-11-22T16:30:05", 480, true)).toBe(atMs + 5999);
    expect(epochMs("2026-13-45T08:30", 0)).toBeUndefined();
  });

  it.each([
    ["ww1:2", { corpId: "ww1", agentId: "2" }],
    ["ww1", undefined],
    ["ww1:2:3", undefined],
    [undefined, undefined],
  ])("knows the app %s", (app, expected) => {
    expect(readAppId(app)).toEqual(expected);
  });
});
