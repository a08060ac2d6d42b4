import { describe, expect, it } from "@jest/globals";
import type { AppSettings } from "./app-directory.ts";
import { createAppDirectory, createLiveAppDirectory } from "./app-directory.ts";
import { appSettings } from "./testing/app-settings.ts";

const app = (name: string, corpId: string, agentId: string): AppSettings =>
  appSettings({ name, corpId, agentId });
const names = (apps: readonly { name: string }[]) => apps.map(({ name }) => name);

describe("the app directory", () => {
  const directory = createAppDirectory([app("a1", "wwA", "1"), app("a2", "wwA", "2"), app("b1", "wwB", "1")]);

  it("finds the one app that an envelope names", () => {
    expect(names(directory.candidates("wwA", "2"))).toEqual(["a2"]);
    expect(names(directory.candidates("wwB", "1"))).toEqual(["b1"]);
  });

  it("offers only the corp's apps when the envelope has no agent id", () => {
    expect(names(directory.candidates("wwA", ""))).toEqual(["a1", "a2"]);
  });

  it("offers nothing for an unknown corp or agent", () => {
    for (const [corpId, agentId] of [
      ["wwC", "1"],
      ["wwA", "3"],
      ["wwC", ""],
      ["", ""],
      ["wwA1", ""],
    ] as const) {
      expect(directory.candidates(corpId, agentId)).toEqual([]);
    }
  });

  it("names the app whose keys cannot be used, and not the keys", () => {
    const broken = {
      ...app("broken", "wwD", "1"),
      keys: [{ token: "tok", encodingAesKey: "tooShortSecret" }],
    };
    expect(() => createAppDirectory([app("good", "wwA", "1"), broken])).toThrow(/App "broken"/);
    expect(() => createAppDirectory([broken])).not.toThrow(/tooShortSecret/);
  });

  it("refuses the same corp and agent twice", () => {
    expect(() => createAppDirectory([app("one", "wwA", "1"), app("two", "wwA", "1")])).toThrow(
      /"one" and "two"/,
    );
  });
});

describe("a directory whose apps change", () => {
  it("has the new ones at once, and keeps the old ones when the new cannot be used", () => {
    const directory = createLiveAppDirectory([app("a1", "wwA", "1")]);
    directory.replace([app("b1", "wwB", "1")]);
    expect(names(directory.all())).toEqual(["b1"]);
    expect(directory.candidates("wwA", "1")).toEqual([]);
    const broken = { ...app("c1", "wwC", "1"), keys: [{ token: "t", encodingAesKey: "short" }] };
    expect(() => directory.replace([app("a1", "wwA", "1"), broken])).toThrow('App "c1"');
    expect(names(directory.candidates("wwB", "1"))).toEqual(["b1"]);
  });
});
