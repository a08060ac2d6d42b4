import { describe, expect, it } from "@jest/globals";
import { chunkReply } from "./chunk-reply.ts";
import { formatReply } from "./format-reply.ts";

/** Quadratic work takes a hundred times as long for ten times the text; the rest is slack for a busy machine. */
const LIMIT_RATIO = 40;

describe("ten times the text takes about ten times as long", () => {
  it("to format", () => {
    const reply = "## 标题\n\n**重点**：`码` [文档](https://x.cn)。\n\n- a\n  - b\n\n|a|b|\n|-|-|\n|1|2|\n\n";
    const format = (times: number) => formatReply(reply.repeat(times), "text");
    expect(timeRatio(format, 300, 30)).toBeLessThan(LIMIT_RATIO);
  });

  it.each(["字", "x", "👩‍👩‍👧‍👦", "一句话。 "])("to cut one line of 100,000 characters: %s", (unit) => {
    const chunk = (chars: number) =>
      chunkReply({ msgtype: "text", content: unit.repeat(chars / unit.length) }, { limitBytes: 2048 });
    expect(timeRatio(chunk, 100_000, 10_000)).toBeLessThan(LIMIT_RATIO);
  });
});

/** CPU time, and the fastest of a few runs, so that neither other processes nor the compiler count. */
function timeRatio(work: (size: number) => unknown, large: number, small: number): number {
  const fastest = (size: number) =>
    Math.min(
      ...Array.from({ length: 4 }, () => {
        const before = process.cpuUsage();
        work(size);
        return process.cpuUsage(before).user;
      }),
    );
  work(large);
  return fastest(large) / Math.max(1, fastest(small));
}
