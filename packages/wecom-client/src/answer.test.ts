import { describe, expect, it } from "@jest/globals";
import { expectOk } from "./answer.ts";
import { WecomError } from "./errors.ts";

const context = { api: "message/send", app: "ww1/1000002" };

function failure(answer: Record<string, unknown>): WecomError {
  try {
    expectOk(answer, context);
  } catch (error) {
    if (error instanceof WecomError) return error;
  }
  throw new Error("expectOk took it");
}

describe("expectOk", () => {
  it("takes errcode 0 and answers without one", () => {
    expect(expectOk({ errcode: 0, msgid: "m" }, context).msgid).toBe("m");
    expect(expectOk({ ip_list: [] }, context).ip_list).toEqual([]);
  });

  it("does not take an errcode that is not a number", () => {
    expect(failure({ errcode: "40014" })).toMatchObject({ kind: "unknown", code: "answer_unexpected" });
  });

  it("keeps the address WeCom saw and its hint number, and nothing else of errmsg, for a known code", () => {
    const errmsg =
      "not allow to access from your ip, hint: [1700000000123456789], from ip: 203.0.113.7, more info at x";
    const error = failure({ errcode: 60020, errmsg });
    expect(error.message).toContain("203.0.113.7");
    expect(error.message).toContain("1700000000123456789");
    expect(error.message).not.toContain("not allow");
    expect(error.hint).toContain("Add the address 203.0.113.7 to 企业可信IP");
  });

  it("quotes the beginning of errmsg for an unknown code, without anything as long as a secret", () => {
    const errmsg = "strange thing corpsecret=abcdefghijklmnopqrstuvwxyz hint: [1]";
    const error = failure({ errcode: 777777, errmsg });
    expect(error.message).toContain("strange thing");
    expect(error.message).not.toContain("abcdefghijklmnop");
    expect(error).toMatchObject({
      kind: "content",
      retryable: false,
      errcode: 777777,
      code: "errcode_777777",
    });
  });
});
