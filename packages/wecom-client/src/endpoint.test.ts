import { describe, expect, it } from "@jest/globals";
import { parseBaseUrl, parseProxyUrl } from "./endpoint.ts";

describe("parseBaseUrl", () => {
  it.each([
    ["https://qyapi.weixin.qq.com", "https://qyapi.weixin.qq.com/cgi-bin/"],
    ["https://qyapi.weixin.qq.com/cgi-bin", "https://qyapi.weixin.qq.com/cgi-bin/"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080/cgi-bin/"],
    ["https://front.example/wecom/cgi-bin/", "https://front.example/wecom/cgi-bin/"],
  ])("reads %s as %s", (text, expected) => {
    expect(parseBaseUrl(text, "app").href).toBe(expected);
  });

  it.each(["", "qyapi.weixin.qq.com", "ftp://x", "https://u:hunter2@x", "https://x/?a=1"])(
    "refuses %j",
    (text) => {
      expect(() => parseBaseUrl(text, "app")).toThrow(/API base URL/);
    },
  );

  it("does not repeat a password that was put into it", () => {
    expect(() => parseBaseUrl("https://u:hunter2@x", "app")).toThrow(/^(?!.*hunter2)/);
  });
});

describe("parseProxyUrl", () => {
  it("takes http and https with a user", () => {
    expect(parseProxyUrl("http://u:p@10.0.0.1:3128", "app").host).toBe("10.0.0.1:3128");
    expect(parseProxyUrl("https://proxy:443", "app").protocol).toBe("https:");
  });

  it.each(["socks5://x:1", "proxy:3128", "http://x/path"])("refuses %s", (text) => {
    expect(() => parseProxyUrl(text, "app")).toThrow(/proxy URL/);
  });
});
