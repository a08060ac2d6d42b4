import { describe, expect, it } from "@jest/globals";
import { isSameOrigin } from "./same-origin.ts";

describe("isSameOrigin", () => {
  it.each<[boolean, Record<string, string>]>([
    [true, { "sec-fetch-site": "same-origin" }],
    [false, { "sec-fetch-site": "none" }],
    [false, { "sec-fetch-site": "cross-site", origin: "http://127.0.0.1:8646", host: "127.0.0.1:8646" }],
    [true, { origin: "http://127.0.0.1:8646", host: "127.0.0.1:8646" }],
    [true, { origin: "https://console.example", host: "Console.Example" }],
    [false, { origin: "http://127.0.0.1:8645", host: "127.0.0.1:8646" }],
    [false, { origin: "null", host: "127.0.0.1:8646" }],
    [false, { origin: "http://127.0.0.1:8646" }],
    [false, { host: "127.0.0.1:8646" }],
    [false, {}],
  ])("%s for %j", (expected, headers) => {
    expect(isSameOrigin({ headers })).toBe(expected);
  });
});
