import type { WecomErrorKind } from "@gateway/wecom-client";
import { WecomError } from "@gateway/wecom-client";
import { describe, expect, it } from "@jest/globals";
import { outcomeOfError } from "./send-outcome.ts";
import { verdictOf } from "./send-verdict.ts";

const NOTHING = { limit: undefined, app: undefined };

function error(kind: WecomErrorKind, errcode?: number, api = "message/send"): WecomError {
  const code = errcode === undefined ? `code_${kind}` : `errcode_${errcode}`;
  return new WecomError({ kind, code, errcode, api, app: "ww1/2", summary: kind, hint: "what to do" });
}

const verdict = (...of: Parameters<typeof error>) => verdictOf(outcomeOfError(error(...of), 1));

describe("verdictOf", () => {
  it("counts a message that was sent, and takes it for proof that the app works", () => {
    expect(verdictOf({ kind: "sent", msgId: "m" })).toEqual({ ...NOTHING, permit: "sent", app: "works" });
  });

  it("gives back what certainly never reached WeCom", () => {
    expect(verdict("not_sent")).toEqual({ ...NOTHING, permit: "unused" });
    expect(verdict("token", 42001)).toEqual({ ...NOTHING, permit: "unused" });
    expect(verdict("content")).toEqual({ ...NOTHING, permit: "unused" });
  });

  it("counts what may have arrived", () => {
    expect(verdict("unknown")).toEqual({ ...NOTHING, permit: "used" });
    expect(verdict("busy", -1)).toEqual({ ...NOTHING, permit: "used" });
  });

  it("tells the limits of sending from those of fetching tokens", () => {
    expect(verdict("rate", 45009)).toEqual({ ...NOTHING, permit: "used", limit: "blocked" });
    expect(verdict("rate", 45033)).toEqual({ ...NOTHING, permit: "used", limit: "crowded" });
    expect(verdict("rate", 45009, "gettoken")).toEqual({ ...NOTHING, permit: "unused" });
    expect(verdict("rate")).toEqual({ ...NOTHING, permit: "used" });
  });

  it.each([60020, 48002, 40056, 301002, 50003, 48006])("takes %i for a fault of the whole app", (errcode) => {
    expect(verdict("configuration", errcode)).toEqual({ ...NOTHING, permit: "unused", app: "broken" });
  });

  it("takes wrong credentials and tokens that never work for such a fault too", () => {
    expect(verdict("credentials", 40001, "gettoken")).toMatchObject({ app: "broken" });
    const refused = new WecomError({
      ...error("token"),
      code: "token_refused_repeatedly",
      kind: "token",
      summary: "",
      hint: "",
    });
    expect(verdictOf(outcomeOfError(refused, 1))).toMatchObject({ app: "broken" });
  });

  it.each([81013, 60011, 40003])("takes %i for the receiver's, which says that the app works", (errcode) => {
    expect(verdict("recipient", errcode)).toEqual({ ...NOTHING, permit: "used", app: "works" });
  });

  it("does not hold a whole app for a kind of message that it may not send", () => {
    expect(outcomeOfError(error("configuration", 43012), 1)).toMatchObject({ kind: "refused" });
    expect(verdict("configuration", 43012)).toMatchObject({ app: "works" });
  });
});
