import { describe, expect, it } from "@jest/globals";
import { pack } from "./pack.ts";
import { readMarkdown } from "./read-markdown.ts";
import { readText } from "./read-text.ts";

describe("pack", () => {
  const frame = `┌──────── ts\n${"const a = 1;\n".repeat(150)}└────────\n`;
  it.each([
    ["one long word", "x"],
    ["sentences", "一句话。第二句，"],
    ["short paragraphs", "短\n\n"],
    ["frames that must be kept whole", `前\n\n${frame}\n`],
    ["frames that never close", "┌──────── ts\n"],
    ["links", '<a href="https://x.cn/a">名</a> '],
    ["marks", "**字** `码` "],
  ])("looks at ten times the text in about ten times the steps: %s", (_, unit) => {
    for (const read of [readText, readMarkdown]) {
      const stepsFor = (chars: number) => {
        const atoms = read(unit.repeat(Math.ceil(chars / unit.length)));
        const { steps } = pack(atoms, 2048);
        expect(steps).toBeLessThan(atoms.length * 3);
        return steps;
      };
      expect(stepsFor(50_000) / stepsFor(5000)).toBeLessThan(20);
    }
  });
});
