import { describe, expect, it } from "@jest/globals";
import { languageOf } from "./language.ts";

describe("languageOf", () => {
  it.each<[string, Record<string, string>]>([
    ["en", {}],
    ["zh-CN", { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" }],
    ["zh-CN", { "accept-language": "fr, ZH-Hans;q=0.7, en;q=0.5" }],
    ["en", { "accept-language": "en-GB,zh;q=0.9" }],
    ["en", { "accept-language": "zh;q=0.2, en;q=0.9" }],
    ["en", { "accept-language": "zh;q=0" }],
    ["en", { "accept-language": "de, zhx, *;q=0.1, ;;q=,=" }],
    ["zh-CN", { "accept-language": "en", cookie: "wgw_lang=zh-CN" }],
    ["en", { "accept-language": "zh", cookie: "wgw_lang=en" }],
    ["zh-CN", { "accept-language": "zh", cookie: "wgw_lang=xx" }],
  ])("%s for %j", (language, headers) => {
    expect(languageOf({ headers })).toBe(language);
  });
});
