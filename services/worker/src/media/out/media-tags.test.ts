import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findMediaTags, removeRanges } from "./media-tags.ts";

/** Where the tags lead, and what is left of the text. */
function read(text: string) {
  const { tags, directives, asDocument } = findMediaTags(text);
  const found = tags.map(({ source }) => (source.kind === "path" ? source.path : source.url));
  return { found, rest: removeRanges(text, [...tags, ...directives]), asDocument };
}

describe("MEDIA:", () => {
  it.each([
    ["MEDIA:/out/a.png", ["/out/a.png"], ""],
    ["Here it is:\nMEDIA:/out/a.png\nBye", ["/out/a.png"], "Here it is:\nBye"],
    ["- MEDIA: /out/a.png", ["/out/a.png"], ""],
    ["see MEDIA:/out/a.png.", ["/out/a.png"], "see ."],
    ["见 MEDIA:/out/图 表.png", ["/out/图"], "见  表.png"],
    ["MEDIA:/out/图 表.png", ["/out/图 表.png"], ""],
    ["MEDIA:/out/a.png is the chart", ["/out/a.png"], " is the chart"],
    ["`MEDIA:/out/a.png`", ["/out/a.png"], ""],
    ["**MEDIA:/out/a.png**", ["/out/a.png"], ""],
    ["see **MEDIA:/out/a.png** there", ["/out/a.png"], "see  there"],
    ['MEDIA:"/out/a b.png" and MEDIA:`/out/c.csv`', ["/out/a b.png", "/out/c.csv"], " and"],
    ["'MEDIA:/out/a b.png' done", ["/out/a b.png"], " done"],
    ["MEDIA:/a.png MEDIA:/b.png", ["/a.png", "/b.png"], ""],
    ["MEDIA:https://example.com/a.png", ["https://example.com/a.png"], ""],
  ])("%j", (text, found, rest) => {
    expect(read(text)).toMatchObject({ found, rest });
  });

  it.each([
    "MEDIA:~/a.png",
    "MEDIA:out/a.png",
    "MULTIMEDIA:/out/a.png",
    "```\nMEDIA:/out/a.png\n```",
    "Write `echo MEDIA:/out/a.png` to send it",
    "MEDIA:",
    "MEDIA: nothing",
  ])("%j stays as it is", (text) => {
    expect(read(text)).toMatchObject({ found: [], rest: text });
  });
});

describe("![picture](address)", () => {
  it.each([
    ["![a](https://example.com/a.png)", ["https://example.com/a.png"], ""],
    ['Look ![a b](</out/a b.png> "title") here', ["/out/a b.png"], "Look  here"],
    ["![](/out/a(1).png)", ["/out/a(1).png"], ""],
    ["![x](file:///out/a%20b.png)", ["/out/a b.png"], ""],
    ["![a](/1.png)![b](/2.png)", ["/1.png", "/2.png"], ""],
  ])("%j", (text, found, rest) => {
    expect(read(text)).toMatchObject({ found, rest });
  });

  it.each([
    "![a](pictures/a.png)",
    "![a](//example.com/a.png)",
    "![a](data:image/png;base64,AAAA)",
    "`![a](/out/a.png)`",
    "[a](/out/a.png)",
    "[![badge](https://example.com/badge.svg)](https://example.com)",
    "~~~\n![a](/out/a.png)\n~~~",
  ])("%j stays as it is", (text) => {
    expect(read(text)).toMatchObject({ found: [], rest: text });
  });
});

describe("directives", () => {
  it("are taken out and say that pictures are files", () => {
    expect(read("[[as_document]] MEDIA:/a.png\n[[audio_as_voice]]\ntext")).toEqual({
      found: ["/a.png"],
      rest: "text",
      asDocument: true,
    });
    expect(read("`[[as_document]]`")).toMatchObject({ rest: "`[[as_document]]`", asDocument: false });
  });
});

it.each([
  ['**"MEDIA:/a.png" text', " text"],
  ['**"MEDIA:/a.png"** text', " text"],
  ['**"MEDIA:/a.png"\n图', "图"],
])("takes nothing of what follows %j, whose emphasis may have no end", (text, rest) => {
  const { tags } = findMediaTags(text);
  expect(tags).toHaveLength(1);
  expect(removeRanges(text, tags)).toBe(rest);
});

it("takes out nothing but what it found, of any text", () => {
  const word = fc.constantFrom(
    "MEDIA:",
    "/a.png",
    "![",
    "](",
    ")",
    "`",
    "```",
    "\n",
    " ",
    "**",
    '"',
    "图",
    "[[as_document]]",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const text = words.join("");
      const { tags, directives } = findMediaTags(text);
      for (const { start, end } of [...tags, ...directives]) {
        expect(start).toBeLessThan(end);
        expect(text.slice(start, end)).not.toContain("\n");
      }
      if (tags.length + directives.length === 0) expect(removeRanges(text, [])).toBe(text);
    }),
  );
});

it.each([
  ...["![", "MEDIA:/", "`", "![](", "[[as_document]]"],
  // What is found, and code for each of them to be looked for in.
  ...["`a`![](/x) ", "`a`MEDIA:/x ", "`a`[[as_document]]"],
])("takes time in proportion to the length of %j, repeated", (unit) => {
  const started = performance.now();
  findMediaTags(unit.repeat(1_000_000 / unit.length));
  expect(performance.now() - started).toBeLessThan(5000);
});

it.each(["*", ".", " "])("takes time in proportion to the length of a path with many %j in it", (mark) => {
  const started = performance.now();
  findMediaTags(`${" ".repeat(200_000)}MEDIA:/${mark.repeat(800_000)}x`);
  findMediaTags(`${" ".repeat(200_000)}see MEDIA:/${mark.repeat(800_000)}x`);
  findMediaTags(" ".repeat(500_000) + "MEDIA:/a ".repeat(50_000));
  expect(performance.now() - started).toBeLessThan(5000);
});
