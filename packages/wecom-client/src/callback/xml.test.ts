import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cdata, xmlElements } from "../testing/index.ts";
import { CallbackError } from "./errors.ts";
import { parseXml } from "./xml.ts";

const limits = { limitBytes: 64 * 1024, limitDepth: 8, limitElements: 200, limitPlainChars: 8192 };

function parse(document: string | Uint8Array) {
  return parseXml(typeof document === "string" ? Buffer.from(document) : Buffer.from(document), limits);
}

function codeOf(document: string | Uint8Array): string {
  try {
    parse(document);
  } catch (error) {
    if (error instanceof CallbackError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("values", () => {
  it("stay strings", () => {
    const xml = "<xml><A>00123</A><B>4561255354251345929</B><C>true</C><D>1e3</D><E>0x1F</E></xml>";
    expect(parse(xml)).toEqual({ A: "00123", B: "4561255354251345929", C: "true", D: "1e3", E: "0x1F" });
  });

  it("keep their spaces, in CDATA and outside", () => {
    expect(parse("<xml><A><![CDATA[  a \n b ]]></A><B>  b  </B></xml>")).toEqual({
      A: "  a \n b ",
      B: "  b  ",
    });
  });

  it("join CDATA sections, so that ]]> survives", () => {
    expect(parse("<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A></xml>")).toEqual({ A: "x]]>y" });
  });

  it("may hold markup, a DOCTYPE and entities as text", () => {
    const content = "<!DOCTYPE html><!ENTITY a 'b'><b>&amp;&a;</b></xml>";
    expect(parse(`<xml><A>${cdata(content)}</A></xml>`)).toEqual({ A: content });
  });

  it("survive the way through XML, whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (content) => {
        // A carriage return is a line break in XML, and lone surrogates do not exist in UTF-8.
        const expected = content.replace(/\r\n?/g, "\n").toWellFormed();
        expect(parse(`<xml>${xmlElements({ A: content.toWellFormed() })}</xml>`)).toEqual({ A: expected });
      }),
    );
  });

  it("of repeated elements are an array; children keep no indentation", () => {
    const xml = "<xml>\n  <L>\n    <I>1</I>\n    <I>2</I>\n  </L>\n  <E/>\n  <F></F>\n</xml>";
    expect(parse(xml)).toEqual({ L: { I: ["1", "2"] }, E: "", F: "" });
  });
});

describe("entities", () => {
  it.each([
    ["&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
    ["&#65;&#x4e2d;&#x1F642;", "A中🙂"],
    ["&amp;lt;", "&lt;"],
    ["&nbsp;&copy;&undeclared;", "&nbsp;&copy;&undeclared;"],
    ["&#0;&#xD800;&#x110000;&#8;", "&#0;&#xD800;&#x110000;&#8;"],
    ["a&b; & c", "a&b; & c"],
  ])("%s reads %s", (written, read) => {
    expect(parse(`<xml><A>${written}</A></xml>`)).toEqual({ A: read });
  });
});

describe("refused before parsing", () => {
  const bomb = `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  it.each([
    ["DOCTYPE", "<!DOCTYPE xml><xml><A>1</A></xml>"],
    ["DOCTYPE in lower case", "<!doctype xml><xml><A>1</A></xml>"],
    ["DOCTYPE after the declaration", "<?xml version='1.0'?>\n<!DOCTYPE xml><xml/>"],
    ["external entity", `<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>`],
    ["entity bomb", `${bomb}<xml><A>&b;</A></xml>`],
    ["entity declaration inside the root", "<xml><!ENTITY a 'b'><A>&a;</A></xml>"],
    ["DOCTYPE at the end", "<xml></xml><!DOCTYPE xml>"],
  ])("%s", (_name, document) => {
    expect(codeOf(document)).toBe("xml_doctype");
  });

  it.each([
    ["nothing", ""],
    ["text", "hello"],
    ["JSON", `{"tousername":"ww1"}`],
    ["another root", "<html><body/></html>"],
    ["two roots", "<xml></xml><xml></xml>"],
    ["a second element after the root", "<xml></xml><A></A>"],
    ["text around the root", "<xml></xml>x"],
    ["text instead of elements", "<xml>hello</xml>"],
    ["CDATA outside the root", "<![CDATA[<xml>]]><xml></xml>"],
    ["an element that stays open", "<xml><A>1</xml>"],
    ["a root that stays open", "<xml><A>1</A>"],
    ["tags that cross", "<xml><A><B>1</A></B></xml>"],
    ["a closing tag too many", "<xml><A>1</A></A></xml>"],
    ["CDATA that stays open", "<xml><A><![CDATA[1</A></xml>"],
    ["a comment that stays open", "<xml><!-- </xml>"],
    ["a tag that stays open", "<xml"],
    ["a lone bracket", "<xml><</xml>"],
    ["a broken attribute", `<xml a="1></xml>`],
    ["a processing instruction", `<xml><?php "?><!DOCTYPE x>" ?></xml>`],
    ["a second declaration", "<xml><?xml version='1.0'?></xml>"],
    ["a reserved name", "<xml><__proto__><polluted>1</polluted></__proto__></xml>"],
  ])("%s", (_name, document) => {
    expect(codeOf(document)).toBe("xml_invalid");
  });

  it.each([
    ["too many bytes", `<xml><A><![CDATA[${"a".repeat(64 * 1024)}]]></A></xml>`],
    ["too deep", `<xml>${"<A>".repeat(8)}${"</A>".repeat(8)}</xml>`],
    ["too many elements", `<xml>${"<A/>".repeat(200)}</xml>`],
    ["too much text outside CDATA", `<xml><A>${"a".repeat(8193)}</A></xml>`],
  ])("%s", (_name, document) => {
    expect(codeOf(document)).toBe("xml_too_large");
  });

  it("is generous up to the limits", () => {
    expect(codeOf(`<xml>${"<A>".repeat(7)}${"</A>".repeat(7)}</xml>`)).toBe("accepted");
    expect(codeOf(`<xml>${"<A/>".repeat(199)}</xml>`)).toBe("accepted");
  });
});

describe("encoding", () => {
  it.each([
    ["a broken sequence", [0xc3, 0x28]],
    ["an overlong form", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a cut character", [0xe4, 0xbd]],
    ["GBK", [0xc4, 0xe3]],
  ])("refuses %s", (_name, bytes) => {
    const document = Buffer.concat([Buffer.from("<xml><A>"), Buffer.from(bytes), Buffer.from("</A></xml>")]);
    expect(codeOf(document)).toBe("encoding_invalid");
    expect(codeOf("<xml><A>1</A></xml>")).toBe("accepted");
  });

  it("tolerates a byte order mark, a declaration, comments, attributes and space around the root", () => {
    const xml = `\ufeff <?xml version="1.0" encoding='UTF-8'?>\r\n<!-- > --><xml a="/>" b='"'><A>1</A></xml>\n`;
    expect(parse(xml)).toEqual({ A: "1" });
  });
});

describe("hostile documents", () => {
  it("leave no trace on prototypes", () => {
    for (const name of ["constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"]) {
      codeOf(`<xml><${name}><polluted>1</polluted></${name}></xml>`);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("of random bytes give a CallbackError and nothing else", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void codeOf(bytes)));
  });

  it("of random markup give a CallbackError or a document", () => {
    const piece = fc.constantFrom(
      ...[
        "<xml>",
        "</xml>",
        "<A>",
        "</A>",
        "<A/>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml ?>",
        "<?",
        "?>",
      ],
      ...["<!DOCTYPE x>", "&amp;", "&#x41;", "&", '"', "'", "<A b='", "=", " ", "\n", "text", "🙂", "<", ">"],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        codeOf(pieces.join(""));
        codeOf(`<xml>${pieces.join("")}</xml>`);
      }),
    );
  });

  it("are not quoted in the error", () => {
    for (const document of ["<xml><A>secret</B></xml>", "<xml><constructor>secret</constructor></xml>"]) {
      try {
        parse(document);
        throw new Error("accepted");
      } catch (error) {
        expect(error).toBeInstanceOf(CallbackError);
        expect(error).not.toHaveProperty("cause");
        expect((error as CallbackError).stack).not.toContain("secret");
      }
    }
  });
});
