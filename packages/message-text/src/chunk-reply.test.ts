import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chunkReply } from "./chunk-reply.ts";
import type { FormattedReply } from "./format-reply.ts";
import { formatReply } from "./format-reply.ts";
import { isBlank } from "./is-blank.ts";

const LIMIT = { limitBytes: 2048 };
const bytes = (text: string) => Buffer.byteLength(text);
const text = (content: string): FormattedReply => ({ msgtype: "text", content });
const markdown = (content: string): FormattedReply => ({ msgtype: "markdown", content });
const withoutSpace = (content: string) => content.replace(/\s/gu, "");

const fragments = fc.constantFrom(
  "字",
  "。",
  "word ",
  "x",
  "\n",
  "\n\n",
  "👩‍👩‍👧‍👦",
  "é",
  "> ",
  "• ",
  "**",
  "`",
  "``",
  "[",
  "]",
  "(",
  ")",
  '<font color="info">',
  "</font>",
  '<a href="https://x.cn/a">名</a>',
  "[名](https://x.cn/a)",
  "https://x.cn/aaaaaaaa ",
  "┌──────── ts\n",
  "\n└────────\n",
  "<a href=",
  "   ",
);
const contents = fc.array(fragments, { maxLength: 80 }).map((parts) => parts.join(""));
const replies = fc.oneof(contents, fc.string({ unit: "grapheme", maxLength: 300 }));

describe("chunkReply", () => {
  it("makes chunks that WeCom takes: inside the limit, well formed, not blank", () => {
    fc.assert(
      fc.property(
        replies,
        fc.constantFrom("text" as const, "markdown" as const),
        fc.integer({ min: 32, max: 200 }),
        fc.boolean(),
        (content, msgtype, limitBytes, number) => {
          for (const chunk of chunkReply({ msgtype, content }, { limitBytes, number })) {
            expect(bytes(chunk)).toBeLessThanOrEqual(limitBytes);
            expect(chunk.isWellFormed()).toBe(true);
            expect(isBlank(chunk)).toBe(false);
          }
        },
      ),
    );
  });

  it("loses and adds nothing but space at the borders where nothing is open", () => {
    const plain = fc
      .array(
        fc.constantFrom(
          "字",
          "。",
          "word ",
          "a",
          "\n",
          "\n\n",
          "👩‍👩‍👧‍👦",
          "é",
          "• ",
          "https://x.cn/a ",
          "   ",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(plain, fc.integer({ min: 32, max: 120 }), (content, limitBytes) => {
        const chunks = chunkReply(text(content), { limitBytes });
        expect(withoutSpace(chunks.join(""))).toBe(withoutSpace(content));
      }),
    );
  });

  it("closes bold, colours and inline code at the end of a chunk and opens them again", () => {
    const word = fc.constantFrom("字", "word ", "。", "👍");
    const run = fc.array(word, { minLength: 1, maxLength: 60 }).map((parts) => parts.join("").trim());
    const marked = fc.tuple(
      run,
      fc.constantFrom(["**", "**"], ["`", "`"], ['<font color="info">', "</font>"]),
    );
    const lines = fc.array(marked, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 128, max: 300 }), (all, limitBytes) => {
        const content = all.map(([inner, [open, close]]) => `${open}${inner}${close}`).join("\n");
        for (const chunk of chunkReply(markdown(content), { limitBytes })) {
          expect(chunk.split("**").length % 2).toBe(1);
          expect(chunk.split("`").length % 2).toBe(1);
          expect(chunk.split("<font").length).toBe(chunk.split("</font>").length);
        }
      }),
    );
    const long = "字".repeat(60);
    expect(chunkReply(markdown(`**<font color="info">${long}</font>**`), { limitBytes: 128 })).toEqual([
      `**<font color="info">${"字".repeat(32)}</font>**`,
      `**<font color="info">${"字".repeat(28)}</font>**`,
    ]);
  });

  it("opens a quote again", () => {
    const content = `> ${"字".repeat(30)}`;
    expect(chunkReply(text(content), { limitBytes: 64 })).toEqual([
      `> ${"字".repeat(20)}`,
      `> ${"字".repeat(10)}`,
    ]);
    expect(chunkReply(markdown(content), { limitBytes: 64 })[1]).toBe(`> ${"字".repeat(10)}`);
  });

  it("leaves a mark without a partner alone", () => {
    expect(chunkReply(markdown(`** ${"字".repeat(40)}`), { limitBytes: 64 })[1]).toBe("字".repeat(20));
    const [first] = chunkReply(text(`┌──────── ts\n${"字\n".repeat(40)}`), { limitBytes: 128 });
    expect(first).not.toContain("└");
  });

  it("never cuts a link, an <a> tag or an address that fits", () => {
    const named = '<a href="https://x.cn/a?b=c">链接 的名字</a>';
    const filler = fc
      .array(fc.constantFrom("字", "a ", "。", "\n"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(filler, filler, fc.integer({ min: 80, max: 160 }), (before, after, limitBytes) => {
        const links = [named, "https://x.cn/a-long-address/that?has=parts"];
        for (const link of links) {
          const chunks = chunkReply(text(`${before}${link} ${after}`), { limitBytes });
          expect(chunks.filter((chunk) => chunk.includes(link))).toHaveLength(1);
        }
        const link = "[链接 的名字](https://x.cn/a?b=c)";
        const chunks = chunkReply(markdown(`${before}${link}${after}`), { limitBytes });
        expect(chunks.filter((chunk) => chunk.includes(link))).toHaveLength(1);
      }),
    );
  });

  it("prefers the end of a paragraph, a line, a sentence, a code line, a word", () => {
    const size = { limitBytes: 48 };
    const chunks = (content: string) => chunkReply(text(content), size);
    const a = "aaaa bbbb. ".repeat(3).trim();
    expect(chunks(`${a}\n\ncccc. dddd eeee ffff`)).toEqual([a, "cccc. dddd eeee ffff"]);
    expect(chunks(`${a}\ncccc. dddd eeee ffff`)).toEqual([a, "cccc. dddd eeee ffff"]);
    expect(chunks(`${a} cccc dddd eeee ffff`)).toEqual([a, "cccc dddd eeee ffff"]);
    expect(chunks("“你好。”".repeat(4))).toEqual(["“你好。”".repeat(3), "“你好。”"]);
  });

  it("does not leave a heading or an announcement behind as the last line", () => {
    const body = "字".repeat(20);
    for (const lead of ["【标题】", "如下：", "◆ Part"]) {
      const [first, second] = chunkReply(text(`${body}\n\n${lead}\n\n${body}`), { limitBytes: 100 });
      expect([first, second]).toEqual([body, `${lead}\n\n${body}`]);
    }
  });

  it("keeps code whole that fits, and frames each part of code that does not", () => {
    const code = (lines: number) => `┌──────── ts\n${"const a = 1;\n".repeat(lines)}└────────`;
    expect(bytes(code(153))).toBe(2047);
    expect(chunkReply(text(`前言\n\n${code(153)}\n\n后记`), LIMIT)).toEqual(["前言", code(153), "后记"]);
    const chunks = chunkReply(text(code(400)), LIMIT);
    expect(chunks.length).toBeGreaterThan(2);
    for (const [index, chunk] of chunks.entries()) {
      expect(chunk).toMatch(index === 0 ? /^┌──────── ts\nconst/u : /^┌──────── ts …\nconst/u);
      expect(chunk).toMatch(/;\n└────────$/u);
    }
    expect(chunks.join("\n").match(/const a = 1;/gu)).toHaveLength(400);
  });

  it("numbers chunks inside the limit, and a single one not at all", () => {
    const chunks = chunkReply(text("字".repeat(8000)), { ...LIMIT, number: true });
    expect(chunks).toHaveLength(12);
    for (const [index, chunk] of chunks.entries()) {
      expect(chunk.startsWith(`(${index + 1}/12)\n`)).toBe(true);
      expect(bytes(chunk)).toBeLessThanOrEqual(2048);
    }
    expect(chunkReply(text("好"), { ...LIMIT, number: true })).toEqual(["好"]);
  });

  it("cuts a word, a line of code and a run of combining marks that no message holds", () => {
    expect(chunkReply(text("x".repeat(5000)), LIMIT).map(bytes)).toEqual([2048, 2048, 904]);
    const inCode = chunkReply(text(`┌────────\n${"x".repeat(5000)}\n└────────`), LIMIT);
    expect(inCode.join("").match(/x/gu)).toHaveLength(5000);
    expect(chunkReply(text(`e${"\u0301".repeat(5000)}`), LIMIT).join("")).toBe(`e${"\u0301".repeat(5000)}`);
    const longLink = `<a href="https://x.cn/${"a".repeat(2000)}">${"名".repeat(300)}</a>`;
    expect(chunkReply(text(longLink), LIMIT).join("")).toBe(longLink);
  });

  it("sends nothing for nothing", () => {
    for (const blank of ["", " \n\t\n", "\u200b\n\u2060", `\n${" ".repeat(9000)}\n`]) {
      expect(chunkReply(text(blank), LIMIT)).toEqual([]);
      expect(chunkReply(markdown(blank), LIMIT)).toEqual([]);
    }
  });

  it("refuses a limit that has no room for anything", () => {
    expect(() => chunkReply(text("a"), { limitBytes: 31 })).toThrow(RangeError);
    expect(() => chunkReply(text("a"), { limitBytes: Number.NaN })).toThrow(RangeError);
  });
});

describe("a long answer from Markdown to chunks", () => {
  it("keeps every list item, row and line of code, in order", () => {
    const items = Array.from({ length: 300 }, (_, n) => `item${n}`);
    const parts = {
      "a nested list": items.map((item, n) => `${"  ".repeat(n % 4)}- **${item}** 说明文字`).join("\n"),
      "a table": `| 名 | 值 |\n|--|--|\n${items.map((item) => `| ${item} | ${"很长的说明".repeat(4)} |`).join("\n")}`,
      code: `\`\`\`ts\n${items.map((item) => `const ${item} = 1; // **x**`).join("\n")}\n\`\`\``,
      quotes: items.map((item) => `> ${item}`).join("\n"),
    };
    for (const part of Object.values(parts)) {
      for (const mode of ["text", "markdown"] as const) {
        const chunks = chunkReply(formatReply(`# 标题\n\n${part}`, mode), { ...LIMIT, number: true });
        expect(chunks.length).toBeGreaterThan(1);
        expect(chunks.join("\n").match(/item\d+/gu)).toEqual(items);
        for (const chunk of chunks) expect(bytes(chunk)).toBeLessThanOrEqual(2048);
      }
    }
  });

  it("keeps 6,000 汉字 and emoji families whole", () => {
    const answer = `${"企业微信".repeat(1500)}\n\n${"👩‍👩‍👧‍👦".repeat(300)}`;
    const chunks = chunkReply(formatReply(answer, "text"), LIMIT);
    expect(withoutSpace(chunks.join(""))).toBe(withoutSpace(answer));
    for (const chunk of chunks) expect(chunk.replaceAll("👩‍👩‍👧‍👦", "")).not.toMatch(/[\u200d👩👧👦]/u);
  });
});
