import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createMaskText } from "./mask-text.ts";

describe("createMaskText", () => {
  it("masks every secret wherever it stands", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 50 });
    const filler = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1 }),
        fc.array(filler),
        fc.nat(),
        (secrets, fillers, pick) => {
          const one = secrets[pick % secrets.length] ?? "";
          const text = [...fillers, ""].join(one) + one;
          const masked = createMaskText(secrets)(text);
          const inMask = secrets.some((each) => "[hidden]".includes(each) || each.includes("[hidden]"));
          if (!inMask)
            for (const each of secrets) expect(masked.split("[hidden]").join("\n")).not.toContain(each);
        },
      ),
    );
  });

  it("finds the JSON and the percent-encoded form", () => {
    const mask = createMaskText(['pass"word\\x', "a/b c+d="]);
    expect(mask(JSON.stringify({ a: 'pass"word\\x' }))).toBe('{"a":"[hidden]"}');
    expect(mask("x=a%2Fb%20c%2Bd%3D&y")).toBe("x=[hidden]&y");
  });

  it("masks the longer of two secrets that begin alike", () => {
    expect(createMaskText(["secret", "secret-two"])("secret-two secret")).toBe("[hidden] [hidden]");
  });

  it("masks the one of two secrets that begins first", () => {
    const mask = createMaskText(["secret-two", "my-secret-"]);
    for (let at = 0; at < 20; at += 1)
      expect(mask(`${"-".repeat(at)}my-secret-two`)).toBe(`${"-".repeat(at)}[hidden]two`);
  });

  it("finds secrets at any place of a line, also the shortest beside long ones", () => {
    const mask = createMaskText(["secret", "quite-another-and-much-longer-one"]);
    for (let at = 0; at < 20; at += 1) {
      expect(mask(`${"-".repeat(at)}secretsecret`)).toBe(`${"-".repeat(at)}[hidden][hidden]`);
      expect(mask(`${"-".repeat(at)}quite-another-and-much-longer-one.`)).toBe(`${"-".repeat(at)}[hidden].`);
    }
  });

  it("leaves ordinary text and short secrets' look-alikes alone", () => {
    const mask = createMaskText(["abc", "secret-one"]);
    expect(mask("abc secret-on secret")).toBe("abc secret-on secret");
  });

  it("masks tokens and passwords of URLs that nobody registered", () => {
    const mask = createMaskText([]);
    const called = "GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww1&corpsecret=abc failed";
    expect(mask(called)).toBe(
      "GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww1&corpsecret=[hidden] failed",
    );
    expect(mask('"url":"/send?access_token=abc","x":1')).toBe('"url":"/send?access_token=[hidden]","x":1');
    expect(mask("redis://user:p%40ss@host:6379 and redis://:pass@host")).toBe(
      "redis://user:[hidden]@host:6379 and redis://:[hidden]@host",
    );
  });
});
