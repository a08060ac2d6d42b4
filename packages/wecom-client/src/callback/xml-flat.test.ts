import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { textMessageXml } from "../testing/index.ts";
import { CallbackError } from "./errors.ts";
import { parseDocument } from "./xml.ts";
import { readFlatXml } from "./xml-flat.ts";

const limits = { limitBytes: 64 * 1024, limitDepth: 4, limitElements: 32, limitPlainChars: 8 * 1024 };

function parsed(document: string) {
  try {
    return parseDocument(document, limits);
  } catch (error) {
    if (error instanceof CallbackError) return error.code;
    throw error;
  }
}

const read = (text: string) => readFlatXml(Buffer.from(text));

/** Pieces that documents are made of, in any order: most of what comes out is broken in some way. */
const piece = fc.oneof(
  fc.constantFrom("<xml>", "</xml>", "<A>", "</A>", "<B>", "</B>", "<A/>", "<A a='1'>", "<constructor>"),
  fc.constantFrom("<![CDATA[", "]]>", "]]", "<!--", "-->", "&amp;", "&#65;", "<!DOCTYPE xml>", "<?xml?>"),
  fc.constantFrom(" ", "\n", "\r\n", "\u00a0", "\ufeff", "\0", "0", "1e3", "x", "中", "<", ">", "&"),
);
const name = fc.constantFrom("A", "B", "MsgId", "a-b", "a.b", "_x", "__proto__", "toString", "xml", "中");
const value = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => `<![CDATA[${text.toWellFormed().replaceAll("]]>", "")}]]>`),
  fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("")),
);
const layout = fc.constantFrom("", "", "\n", " ", "\t", "x");
const element = fc.tuple(name, value, layout).map(([tag, text, space]) => `<${tag}>${text}</${tag}>${space}`);
const document = fc.oneof(
  fc.array(element, { maxLength: 30 }).map((elements) => `<xml>${elements.join("")}</xml>`),
  fc.array(piece, { maxLength: 12 }).map((pieces) => `<xml>${pieces.join("")}</xml>`),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
);

describe("the flat reader", () => {
  it("reads what the parser reads, or leaves it to the parser", () => {
    fc.assert(
      fc.property(document, (text) => {
        const flat = read(text);
        if (flat !== undefined) expect(flat).toEqual(parsed(text));
      }),
    );
  });

  it("agrees with the parser on real messages with any one character changed", () => {
    const real = textMessageXml({
      corpId: "ww1",
      agentId: "1",
      userId: "u",
      msgId: "45612553",
      content: "你好",
    });
    expect(read(real)).toEqual(parsed(real));
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.nat(2), piece, (at, removed, inserted) => {
        const text = real.slice(0, at) + inserted + real.slice(at + removed);
        const flat = read(text);
        if (flat !== undefined) expect(flat).toEqual(parsed(text));
      }),
    );
  });

  it.each([
    ["an element twice", "<xml><A>1</A><A>2</A></xml>"],
    ["a nested element", "<xml><A><B>1</B></A></xml>"],
    ["two CDATA sections", "<xml><A><![CDATA[1]]><![CDATA[2]]></A></xml>"],
    ["an attribute", `<xml><A a="1">2</A></xml>`],
    ["an entity", "<xml><A>&lt;</A></xml>"],
    ["a comment", "<xml><!-- --><A>1</A></xml>"],
    ["a declaration", "<?xml version='1.0'?><xml><A>1</A></xml>"],
    ["a carriage return", "<xml><A><![CDATA[a\r\nb]]></A></xml>"],
    [
      "too many elements",
      `<xml>${Array.from({ length: 24 }, (_, index) => `<A${index}>1</A${index}>`).join("")}</xml>`,
    ],
    ["a long plain text", `<xml><A>${"1".repeat(129)}</A></xml>`],
  ])("leaves %s to the parser", (_name, text) => {
    expect(read(text)).toBeUndefined();
    expect(parsed(text)).toBeInstanceOf(Object);
  });

  it("gives up on what never ends", () => {
    for (const text of [
      "<xml>".repeat(12_000),
      `<xml>${"<A>".repeat(20_000)}`,
      `<xml><A>${"<".repeat(60_000)}`,
    ]) {
      expect(read(text)).toBeUndefined();
    }
  });
});
