import { describe, expect, it } from "@jest/globals";
import { parseRedisUrl, redisPasswords } from "./parse-redis-url.ts";

describe("parseRedisUrl", () => {
  it.each([
    ["redis://127.0.0.1:6379", { kind: "single", tls: false }],
    ["redis://localhost", { kind: "single", tls: false }],
    ["rediss://us%65r:p%40ss@host:6380/0", { kind: "single", tls: true, username: "user", password: "p@ss" }],
    [
      "redis-sentinel://s1,s2:26380,[::1]:1/main",
      {
        ...{ kind: "sentinel", tls: false, name: "main", database: 0 },
        hosts: [
          { host: "s1", port: 26_379 },
          { host: "s2", port: 26_380 },
          { host: "::1", port: 1 },
        ],
      },
    ],
    [
      "rediss-sentinel://u:a:b%2F@s1/my-master/3?sentinel_password=x%20y",
      {
        ...{ kind: "sentinel", tls: true, name: "my-master", database: 3, sentinelPassword: "x y" },
        ...{ username: "u", password: "a:b/", hosts: [{ host: "s1", port: 26_379 }] },
      },
    ],
    [
      "rediss-cluster://:secret@c1:7000,c2",
      {
        ...{ kind: "cluster", tls: true, password: "secret" },
        hosts: [
          { host: "c1", port: 7000 },
          { host: "c2", port: 6379 },
        ],
      },
    ],
  ])("reads %s", (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each([
    "",
    "http://127.0.0.1:6379",
    "redis://",
    "redis://host/name",
    "redis-cluster://h1/0",
    "redis-cluster://h1?x=1",
    "redis-cluster://",
    "redis-cluster://h1,,h2",
    "redis-cluster://h1:0",
    "redis-cluster://h1:65536",
    "redis-sentinel://h1",
    "redis-sentinel://h1/",
    "redis-sentinel://h1/main/x",
    "redis-sentinel://h1/main?db=1",
    "redis-sentinel://h1/main?sentinel_password=a&sentinel_password=b",
    "redis-sentinel://u:%zz@h1/main",
    "redis-sentinel://a@b@h1/main",
    `redis-cluster://${"h,".repeat(2000)}h`,
  ])("refuses %j", (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});

it("redisPasswords finds every password, as it is", () => {
  expect(redisPasswords("redis-sentinel://u:a%2Fb@h/main?sentinel_password=c")).toEqual(["a/b", "c"]);
  expect(redisPasswords("redis://host")).toEqual([]);
});
