import { describe, expect, it } from "@jest/globals";
import { markdownBlocks } from "./markdown-blocks.ts";

const only = (text: string) => markdownBlocks(text)[0];

describe("markdownBlocks", () => {
  it("knows headings, bold, links, code, quotes and the three colours", () => {
    expect(only("### Title")).toEqual({
      kind: "heading",
      level: 3,
      inlines: [{ kind: "text", text: "Title" }],
    });
    expect(only("> said")).toEqual({ kind: "quote", inlines: [{ kind: "text", text: "said" }] });
    expect(only('a **b <font color="info">c</font>** `d` [e](https://e.example)')?.inlines).toEqual([
      { kind: "text", text: "a " },
      {
        kind: "bold",
        inlines: [
          { kind: "text", text: "b " },
          { kind: "font", color: "info", inlines: [{ kind: "text", text: "c" }] },
        ],
      },
      { kind: "text", text: " " },
      { kind: "code", text: "d" },
      { kind: "text", text: " " },
      { kind: "link", text: "e", href: "https://e.example" },
    ]);
  });

  it.each([
    "- item",
    "1. item",
    "| a | b |",
    "```js",
    "---",
    "~~gone~~",
    "#no space",
    "[bad](javascript:alert(1))",
    '<font color="red">x</font>',
    "<img src=x onerror=alert(1)>",
  ])("shows %s as it was typed", (text) => {
    expect(only(text)).toEqual({ kind: "line", inlines: [{ kind: "text", text }] });
  });

  it("does not nest quotes", () => {
    expect(only(">> twice")?.inlines).toEqual([{ kind: "text", text: "> twice" }]);
  });
});
