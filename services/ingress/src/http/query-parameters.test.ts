import { describe, expect, it } from "@jest/globals";
import { readHandshakeQuery, readSignedQuery } from "./query-parameters.ts";

const good = "msg_signature=abc&timestamp=1409659589&nonce=263014780";

describe("the signed query", () => {
  it("is decoded once and keeps + as it is", () => {
    expect(readHandshakeQuery(`${good}&echostr=P9nA%2Bx%2Fy+z%253D%3D`)).toEqual({
      msgSignature: "abc",
      timestamp: "1409659589",
      nonce: "263014780",
      echostr: "P9nA+x/y+z%3D=",
    });
  });

  it("ignores parameters that are not WeCom's", () => {
    expect(readSignedQuery(`utm=1&utm=2&flag&${good}`)).toMatchObject({ msgSignature: "abc" });
  });

  it.each([
    ["", "query_missing", "msg_signature"],
    ["msg_signature=abc&nonce=1", "query_missing", "timestamp"],
    ["msg_signature=&timestamp=1&nonce=1", "query_missing", "msg_signature"],
    ["msg_signature[]=abc&timestamp=1&nonce=1", "query_missing", "msg_signature"],
    [`${good}&msg_signature=def`, "query_repeated", "msg_signature"],
    [`${good}&msg%5Fsignature=def`, "query_repeated", "msg_signature"],
    [`${good}&nonce=263014780`, "query_repeated", "nonce"],
    [`msg_signature=${"a".repeat(129)}&timestamp=1&nonce=1`, "query_too_long", "msg_signature"],
    [`msg_signature=a&timestamp=1&nonce=${"1".repeat(129)}`, "query_too_long", "nonce"],
    ["msg_signature=a&timestamp=1e9&nonce=1", "query_timestamp", "timestamp"],
    ["msg_signature=a&timestamp=-1&nonce=1", "query_timestamp", "timestamp"],
    ["msg_signature=%zz&timestamp=1&nonce=1", "query_encoding", "percent-encoded"],
    ["msg_signature=%ff&timestamp=1&nonce=1", "query_encoding", "percent-encoded"],
  ])("refuses %s", (search, code, named) => {
    const result = readSignedQuery(search);
    expect(result).toMatchObject({ kind: "rejected", status: 400, code });
    expect(result).toHaveProperty("text", expect.stringContaining(named));
  });

  it("does not repeat what was sent", () => {
    const result = readSignedQuery("msg_signature=SECRET&timestamp=x1&nonce=1&nonce=2");
    expect(JSON.stringify(result)).not.toMatch(/SECRET|x1/);
  });

  it("asks for a bounded echostr only where the URL is checked", () => {
    expect(readHandshakeQuery(good)).toMatchObject({ code: "query_missing" });
    expect(readHandshakeQuery(`${good}&echostr=${"a".repeat(1025)}`)).toMatchObject({
      code: "query_too_long",
    });
  });
});
