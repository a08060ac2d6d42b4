import { describe, expect, it } from "@jest/globals";
import { chunkReply } from "./chunk-reply.ts";
import { formatReply } from "./format-reply.ts";

/** Quadratic work takes ten times as long for one text as for ten of a tenth; the rest is slack for a busy machine. */
const LIMIT_RATIO = 5;
const ROUNDS = 5;

describe("one text takes about as long as ten of a tenth", () => {
  it.each([
    [
      "an answer",
      "## 标题\n\n**重点**：`码` [文档](https://x.cn)。\n\n- a\n  - b\n\n|a|b|\n|-|-|\n|1|2|\n\n",
    ],
    ["emphasis that never ends", "*a **b "],
    ["quotes and code", "$$|```"],
    ["links without an end", "[a]("],
    ["footnotes", "[^1][a]"],
    ["rules, lists and fences", "---\n* ~~~\n"],
    ["tags", '<b><font color="info"></b>'],
  ])("to format: %s", (_, unit) => {
    const format = (chars: number) => formatReply(unit.repeat(Math.ceil(chars / unit.length)), "auto");
    expect(timeRatio(format, 20_000)).toBeLessThan(LIMIT_RATIO);
  });

  it.each([
    ["text", "字"],
    ["text", "x"],
    ["text", "👩‍👩‍👧‍👦"],
    ["text", "一句话。 "],
    ["text", "``\n# "],
    ["text", "┌──────── ts\n"],
    ["markdown", "**字** `码` "],
    ["markdown", "<font color="],
  ] as const)("to cut, as %s: %s", (msgtype, unit) => {
    const chunk = (chars: number) =>
      chunkReply({ msgtype, content: unit.repeat(chars / unit.length) }, { limitBytes: 2048, number: true });
    expect(timeRatio(chunk, 50_000)).toBeLessThan(LIMIT_RATIO);
  });
});

/**
 * CPU time of the process, both kinds: how it is divided between them is a guess of the kernel. Both sides are measured in
 * turn and the fastest round of each counts, so that neither other processes nor the compiler do.
 */
function timeRatio(work: (size: number) => unknown, size: number): number {
  const cpuOf = (run: () => void) => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const rounds = Array.from({ length: ROUNDS }, () => ({
    whole: cpuOf(() => void work(size)),
    tenths: cpuOf(() => {
      for (let part = 0; part < 10; part += 1) work(size / 10);
    }),
  }));
  return Math.min(...rounds.map(({ whole }) => whole)) / Math.min(...rounds.map(({ tenths }) => tenths));
}
