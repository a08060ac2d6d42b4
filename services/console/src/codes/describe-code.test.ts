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

  it("that nobody knows is left to speak for itself", () => {
    expect(describeCode("errcode_123456", "en")?.cause).toContain("does not know");
    expect(describeCode("constructor", "en")).toBeUndefined();
    expect(describeCode("something_new", "en")).toBeUndefined();
  });
});
