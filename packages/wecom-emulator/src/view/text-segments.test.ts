import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { textSegments } from "./text-segments.ts";

describe("textSegments", () => {
  it("makes links of anchors and of bare addresses, and of nothing else", () => {
    const text = 'See <a href="https://a.example/x?y=1">the page</a>, https://b.example。<b>bold</b>';
    expect(textSegments(text)).toEqual([
      { text: "See " },
      { text: "the page", href: "https://a.example/x?y=1" },
      { text: ", " },
      { text: "https://b.example", href: "https://b.example" },
      { text: "。<b>bold</b>" },
    ]);
  });

  it.each([
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a onclick="x" href="https://a.example">x</a>',
  ])("shows %s as it was typed, or links no more than its address", (text) => {
    const hrefs = textSegments(text).flatMap(({ href }) => href ?? []);
    expect(hrefs.every((href) => href.startsWith("https://a.example"))).toBe(true);
    expect(textSegments(text)[0]?.text).toContain("<a ");
  });

  it("links only http and https, and loses no text without links", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "a", "/", ":", " ", "href=", "http", "😀") }),
        (text) => {
          for (const { href } of textSegments(text))
            if (href !== undefined) expect(href).toMatch(/^https?:\/\//i);
          if (!text.includes("http"))
            expect(
              textSegments(text)
                .map((part) => part.text)
                .join(""),
            ).toBe(text);
        },
      ),
    );
  });
});
