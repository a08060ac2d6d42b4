import { describe, expect, it } from "@jest/globals";
import { createAccessPolicy } from "./access-policy.ts";

const allowing = (...allowedUsers: string[]) =>
  createAccessPolicy({ corpId: "wwAbc", allowedUsers, allowAllUsers: false });

describe("who may talk to an app", () => {
  it("is nobody until somebody is named", () => {
    expect(allowing().isAllowed("zhangsan")).toBe(false);
  });

  it("is the users on the list, whatever case their ids come in", () => {
    const policy = allowing("ZhangSan", " lisi ");
    expect(policy.isAllowed("zhangsan")).toBe(true);
    expect(policy.isAllowed("LiSi")).toBe(true);
    expect(policy.isAllowed("wangwu")).toBe(false);
  });

  it("keeps user ids as text", () => {
    expect(allowing("00123").isAllowed("00123")).toBe(true);
    expect(allowing("123").isAllowed("00123")).toBe(false);
    expect(allowing("00123").isAllowed("123")).toBe(false);
  });

  it("can be a user of one corp only", () => {
    expect(allowing("wwabc:zhangsan").isAllowed("ZhangSan")).toBe(true);
    expect(allowing("wwOther:zhangsan").isAllowed("zhangsan")).toBe(false);
  });

  it("is everybody with * or when the configuration says so, but never an empty id", () => {
    const all = createAccessPolicy({ corpId: "ww", allowedUsers: [], allowAllUsers: true });
    for (const policy of [allowing("*"), all]) {
      expect(policy.isAllowed("anyone")).toBe(true);
      expect(policy.isAllowed("")).toBe(false);
    }
  });

  it("does not let a sender's id pass for a special entry", () => {
    expect(allowing("wwabc:zhangsan").isAllowed("wwabc:zhangsan")).toBe(false);
    expect(allowing("").isAllowed(" ")).toBe(false);
    expect(allowing("zhangsan").isAllowed("*")).toBe(false);
  });
});
