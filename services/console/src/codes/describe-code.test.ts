import { describe, expect, it } from "@jest/globals";
import { describeCode } from "./describe-code.ts";

describe("a code", () => {
  it("is told in plain words with what to do, in both languages", () => {
    expect(describeCode("errcode_60020", "en")?.cause).toContain("企业可信IP");
    expect(describeCode("errcode_60020", "zh-CN")?.remedy).toContain("企业可信IP");
    expect(describeCode("errcode_81013", "en")?.remedy).toContain("visible range");
    expect(describeCode("poison", "zh-CN")?.cause).toContain("worker");
  });

  it("of the main call is never taken for one of gettoken", () => {
    expect(describeCode("errcode_40001", "en")?.cause).toBe("The access token is no longer valid.");
  });

  it("of gettoken speaks of the secret, which somebody has to correct", () => {
    expect(describeCode("errcode_40001", "en", "gettoken")?.cause).toMatch(/secret is wrong/);
    const chinese = describeCode("errcode_40001", "zh-CN", "gettoken");
    expect(chinese?.cause).toContain("Secret 错误");
    expect(chinese?.remedy).toContain("重新复制 Secret");
  });

  it("that may be of either is told as either in Chinese", () => {
    const { cause, remedy } = describeCode("errcode_40001", "zh-CN") ?? {};
    expect(cause).toMatch(/access_token.*Secret 错误/);
    expect(remedy).toMatch(/核对 Secret.*自动重试/);
  });

  it("that nobody knows is left to speak for itself", () => {
    expect(describeCode("errcode_123456", "en")?.cause).toContain("does not know");
    expect(describeCode("constructor", "en")).toBeUndefined();
    expect(describeCode("something_new", "en")).toBeUndefined();
  });
});
