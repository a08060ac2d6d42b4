import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { REPOSITORY } from "../../support/process.ts";

// Retires the risk that a figure is copied once and goes on to be told after its benchmark has measured another.

const read = (name: string) => readFileSync(join(REPOSITORY, name), "utf8");
const benchmarks = new Map(
  read("docs/benchmarks.md")
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

/** Every number of a text, as the benchmarks print it: without the commas that make it easier to read. */
const numbersOf = (text: string): readonly string[] =>
  text.replaceAll(/(?<=\d),(?=\d{3})/g, "").match(/\d+(?:\.\d+)?/g) ?? [];

/** The rows of the table whose header begins so, each with its cells. */
function rowsOf(document: string, header: string): string[][] {
  const lines = read(document).split("\n");
  const start = lines.findIndex((line) => line.startsWith(header));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) => line.split("|").map((cell) => cell.trim()));
}

describe("the figures of docs/capacity.md", () => {
  it.each(rowsOf("docs/capacity.md", "| | Figure | Benchmark |"))(
    "%s %s are what the benchmark last measured",
    (_start, _what, figures = "", benchmark = "") => {
      const section = numbersOf(benchmarks.get(benchmark.replaceAll("`", "")) ?? "");
      const numbers = numbersOf(figures);
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers.filter((number) => !section.includes(number))).toEqual([]);
    },
  );
});

describe.each([
  ["README.md", "| | Measured | Target |"],
  ["README.zh-CN.md", "| | 实测 | 目标 |"],
])("the figures of %s", (document, header) => {
  const all = numbersOf([...benchmarks.values()].join("\n"));

  it.each(rowsOf(document, header))("%s %s were measured", (_start, _what, measured = "") => {
    const numbers = numbersOf(measured);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number) => !all.includes(number))).toEqual([]);
  });
});
