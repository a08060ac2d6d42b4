import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createUserList } from "./user-list.ts";

const listed = (...users: string[]) => createUserList({ corpId: "wwAbc", users });

describe("a list of users", () => {
  it("holds nobody when it is empty, and never an empty id", () => {
    expect(listed()("zhangsan")).toBe(false);
    expect(listed("", "*")("")).toBe(false);
    expect(listed("")(" ")).toBe(false);
  });

  it("ignores case and blanks around entries, as WeCom ignores case", () => {
    expect(["zhangsan", "LISI", "wangwu"].map(listed("ZhangSan", " lisi "))).toEqual([true, true, false]);
  });

  it("keeps user ids as text", () => {
    expect(listed("00123")("00123")).toBe(true);
    expect(listed("123")("00123")).toBe(false);
    expect(listed("00123")("123")).toBe(false);
  });

  it("can name a user of one corp only, or all of a corp", () => {
    expect(listed("wwabc:zhangsan")("ZhangSan")).toBe(true);
    expect(listed("wwOther:zhangsan")("zhangsan")).toBe(false);
    expect(listed("wwAbc:*")("anyone")).toBe(true);
    expect(listed("wwOther:*")("anyone")).toBe(false);
  });

  it("is not fooled by a sender whose id looks like an entry", () => {
    expect(listed("wwabc:zhangsan")("wwabc:zhangsan")).toBe(false);
    expect(listed("zhangsan")("*")).toBe(false);
  });

  it("never lets equal user ids of two corps meet", () => {
    const id = fc.stringMatching(/^[a-z0-9._@-]{1,16}$/);
    fc.assert(
      fc.property(id, id, id, (user, corp, other) => {
        fc.pre(corp !== other);
        expect(createUserList({ corpId: other, users: [`${corp}:${user}`] })(user)).toBe(false);
        expect(createUserList({ corpId: corp, users: [`${corp}:${user}`] })(user)).toBe(true);
      }),
    );
  });
});
