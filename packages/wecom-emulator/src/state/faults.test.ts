import { describe, expect, it } from "@jest/globals";
import type { FaultRule } from "./faults.ts";
import { createFaultScript } from "./faults.ts";

const SEND = { path: "message/send", corpId: "ww1", agentId: "1", users: ["ZhangSan"], msgType: "text" };
const busy = { type: "errcode", errcode: -1 } as const;

function script(...rules: FaultRule[]) {
  const faults = createFaultScript();
  faults.set(rules);
  return faults;
}

describe("fault script", () => {
  it("hits as often as the rule says, then lets calls pass", () => {
    const faults = script({ match: { path: "message/send" }, times: 2, action: busy });
    expect([1, 2, 3].map(() => faults.take(SEND)?.type)).toEqual(["errcode", "errcode", undefined]);
    expect(faults.state()[0]).toMatchObject({ seen: 3, applied: 2 });
  });

  it("hits once by default and for ever when told", () => {
    const once = script({ match: { path: "*" }, action: busy });
    expect([once.take(SEND)?.type, once.take(SEND)]).toEqual(["errcode", undefined]);
    const always = script({ match: { path: "*" }, times: "always", action: busy });
    for (let call = 0; call < 100; call += 1) expect(always.take(SEND)).toEqual(busy);
  });

  it("starts at the n-th matching call", () => {
    const faults = script({ match: { path: "message/send", nth: 2 }, times: 2, action: busy });
    expect([1, 2, 3, 4].map(() => faults.take(SEND)?.type)).toEqual([
      undefined,
      "errcode",
      "errcode",
      undefined,
    ]);
  });

  it("goes on to the next rule when one is used up", () => {
    const faults = script(
      { match: { path: "message/send" }, action: busy },
      { match: { path: "message/send" }, action: { type: "reset_after" } },
    );
    expect([1, 2, 3].map(() => faults.take(SEND)?.type)).toEqual(["errcode", "reset_after", undefined]);
  });

  it.each([
    [{ path: "/cgi-bin/message/send" }, true],
    [{ path: "gettoken" }, false],
    [{ path: "*", corp: "ww1" }, true],
    [{ path: "*", corp: "ww2" }, false],
    [{ path: "*", agent: "1" }, true],
    [{ path: "*", user: "zhangsan" }, true],
    [{ path: "*", user: "lisi" }, false],
    [{ path: "*", msgType: "image" }, false],
  ])("matches %j: %s", (match, expected) => {
    expect(script({ match, action: busy }).take(SEND) !== undefined).toBe(expected);
  });

  it("refuses rules that make no sense", () => {
    expect(() => script({ match: { path: "*" }, times: 0, action: busy })).toThrow();
    // @ts-expect-error an action that does not exist
    expect(() => script({ match: { path: "*" }, action: { type: "explode" } })).toThrow();
  });
});
