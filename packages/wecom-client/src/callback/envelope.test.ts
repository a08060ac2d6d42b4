import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseEnvelope } from "./envelope.ts";
import { CallbackError } from "./errors.ts";

const parse = (document: string) => parseEnvelope(Buffer.from(document));

function codeOf(body: Buffer): string {
  try {
    parseEnvelope(body);
  } catch (error) {
    if (error instanceof CallbackError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("parseEnvelope", () => {
  it("reads the elements in any order, with space between and elements it does not know", () => {
    const xml = `<xml>
      <AgentID>0012</AgentID><New><![CDATA[x]]></New>
      <Encrypt><![CDATA[Zm9v]]></Encrypt>
      <ToUserName><![CDATA[ww1]]></ToUserName>
    </xml>`;
    expect(parse(xml)).toEqual({ toUserName: "ww1", agentId: "0012", encrypted: "Zm9v" });
  });

  it("gives empty ids for what is absent, empty or repeated", () => {
    expect(parse("<xml><Encrypt>Zm9v</Encrypt></xml>")).toEqual({
      toUserName: "",
      agentId: "",
      encrypted: "Zm9v",
    });
    const xml =
      "<xml><Encrypt>Zm9v</Encrypt><AgentID></AgentID><ToUserName>a</ToUserName><ToUserName/></xml>";
    expect(parse(xml)).toEqual({ toUserName: "", agentId: "", encrypted: "Zm9v" });
  });

  it("tolerates a byte order mark", () => {
    expect(parse("\ufeff<xml><Encrypt>Zm9v</Encrypt></xml>").encrypted).toBe("Zm9v");
  });

  it.each([
    ["an empty body", "", "envelope_invalid"],
    ["no Encrypt", "<xml><ToUserName>ww1</ToUserName></xml>", "envelope_invalid"],
    ["an empty Encrypt", "<xml><Encrypt><![CDATA[]]></Encrypt></xml>", "envelope_invalid"],
    ["Encrypt twice", "<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>", "envelope_invalid"],
    ["elements in Encrypt", "<xml><Encrypt><A>a</A></Encrypt></xml>", "envelope_invalid"],
    [
      "an endless id",
      `<xml><Encrypt>a</Encrypt><AgentID>${"1".repeat(129)}</AgentID></xml>`,
      "envelope_invalid",
    ],
    ["no elements", "<xml></xml>", "envelope_invalid"],
    ["a DOCTYPE", "<!DOCTYPE xml><xml><Encrypt>a</Encrypt></xml>", "xml_doctype"],
    ["a form", "msg=1&b=2", "xml_invalid"],
    ["a crowd of elements", `<xml>${"<A/>".repeat(40)}<Encrypt>a</Encrypt></xml>`, "xml_too_large"],
  ])("refuses %s", (_name, document, code) => {
    expect(codeOf(Buffer.from(document))).toBe(code);
  });

  it("takes 64 KiB and not a byte more", () => {
    const shell = "<xml><Encrypt><![CDATA[]]></Encrypt></xml>";
    const filled = (bytes: number) =>
      Buffer.from(shell.replace("[]", `[${"A".repeat(bytes - shell.length)}]`));
    expect(codeOf(filled(64 * 1024))).toBe("accepted");
    expect(codeOf(filled(64 * 1024 + 1))).toBe("xml_too_large");
  });

  it("gives a CallbackError for random bytes and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => expect(codeOf(Buffer.from(bytes))).not.toBe("accepted")),
    );
  });
});
