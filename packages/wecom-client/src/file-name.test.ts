import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fileNameOf, safeFileName } from "./file-name.ts";

describe("safeFileName", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["季度 报告.docx", "季度 报告.docx"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\x\\a.txt", "a.txt"],
    [".bashrc", "bashrc"],
    ["..", "file"],
    ["", "file"],
    ['a"b\r\nSet-Cookie: x.txt', "a_bSet-Cookie_ x.txt"],
    ["invoice\u202efdp.exe", "invoicefdp.exe"],
    ["a\u0000b.txt", "ab.txt"],
  ])("makes %j into %j", (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it("shortens between characters and keeps the extension", () => {
    const short = safeFileName(`${"长".repeat(200)}.pdf`);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(150);
    expect(short).toMatch(/^长+\.pdf$/);
  });

  it("holds for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toMatch(/[/\\"\p{Cc}\p{Cs}]/u);
        expect(safe).not.toMatch(/^\./);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(150);
        expect(safe).not.toBe("");
        expect(safeFileName(safe)).toBe(safe);
      }),
    );
  });
});

describe("fileNameOf", () => {
  const asHeader = (text: string) => Buffer.from(text, "utf8").toString("latin1");

  it.each([
    ['attachment; filename="MEDIA.jpg"', "MEDIA.jpg"],
    [asHeader('attachment; filename="季度报告.docx"'), "季度报告.docx"],
    ["attachment; filename=plain.txt", "plain.txt"],
    ["attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf; filename=\"x.pdf\"", "报告.pdf"],
    ["attachment; filename*=UTF-8''%E6%8; filename=\"x.pdf\"", "x.pdf"],
    ['attachment; filename="../../../x.sh"', "x.sh"],
    ["attachment", "file"],
    [undefined, "file"],
  ])("reads %j as %j", (header, expected) => {
    expect(fileNameOf(header)).toBe(expected);
  });
});
