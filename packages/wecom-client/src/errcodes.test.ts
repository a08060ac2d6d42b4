import { describe, expect, it } from "@jest/globals";
import { describeErrcode, ERRCODES, isTokenErrcode } from "./errcodes.ts";
import { ACCOUNT_ERRCODES } from "./errcodes-account.ts";
import { CONTENT_ERRCODES } from "./errcodes-content.ts";

describe("describeErrcode", () => {
  it.each([
    [-1, "busy"],
    [40014, "token"],
    [42001, "token"],
    [45009, "rate"],
    [45033, "rate"],
    [40013, "credentials"],
    [40091, "credentials"],
    [41002, "credentials"],
    [41004, "credentials"],
    [60020, "configuration"],
    [301002, "configuration"],
    [43012, "configuration"],
    [60111, "recipient"],
    [81013, "recipient"],
    [301021, "recipient"],
    [45002, "content"],
    [40007, "content"],
    [42049, "content"],
  ])("sorts %i under %s", (errcode, kind) => {
    expect(describeErrcode(errcode, "message/send").kind).toBe(kind);
  });

  it("reads 40001 as a wrong secret from gettoken and as a stale token from any other call", () => {
    expect(describeErrcode(40001, "gettoken").kind).toBe("credentials");
    expect(describeErrcode(40001, "message/send").kind).toBe("token");
  });

  it("takes a code it does not know for permanent", () => {
    expect(describeErrcode(987654, "message/send").kind).toBe("content");
  });

  it("says how long a frequency block lasts at the least", () => {
    expect(describeErrcode(45009, "message/send").retryAfterMs).toBe(60_000);
  });

  it("has one row per code", () => {
    const rows = [...ACCOUNT_ERRCODES, ...CONTENT_ERRCODES].flatMap((group) =>
      group.rows.map(([code]) => code),
    );
    expect(rows.filter((code, index) => rows.indexOf(code) !== index)).toEqual([]);
    expect(ERRCODES.size).toBe(rows.length);
  });
});

describe("isTokenErrcode", () => {
  it("is true for the three codes that a fresh token cures, and for no other", () => {
    const codes = [...ERRCODES.keys(), 0, 99999].filter(isTokenErrcode);
    expect(codes.sort()).toEqual([40001, 40014, 42001]);
  });
});
