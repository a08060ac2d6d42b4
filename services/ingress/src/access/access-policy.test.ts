import { describe, expect, it } from "@jest/globals";
import { appSettings } from "../testing/app-settings.ts";
import { createAccessPolicy } from "./access-policy.ts";

const closed = appSettings({ corpId: "wwAbc", allowAllUsers: false });
const policy = (overrides: Partial<typeof closed>) => createAccessPolicy({ ...closed, ...overrides });

describe("what the configuration says about who may talk to an app", () => {
  it("is nobody until somebody is named", () => {
    expect(policy({}).isListed("zhangsan")).toBe(false);
  });

  it("is who is on the list, and the administrators without being on it", () => {
    const { isListed } = policy({ allowedUsers: ["zhangsan"], adminUsers: ["wwabc:Boss"] });
    expect(["ZhangSan", "boss", "lisi"].map(isListed)).toEqual([true, true, false]);
  });

  it("is everybody with * or when it says so, but never an empty id", () => {
    for (const settings of [{ allowedUsers: ["*"] }, { allowAllUsers: true }]) {
      expect(policy(settings).isListed("anyone")).toBe(true);
      expect(policy(settings).isListed("")).toBe(false);
    }
  });

  it.each([
    [{}, "nothing"],
    [{ denyNotice: true }, "notice"],
    [{ pairing: true }, "code"],
    [{ pairing: true, denyNotice: true }, "code"],
  ])("%j: everybody else hears %s", (settings, word) => {
    expect(policy(settings).word).toBe(word);
  });
});
