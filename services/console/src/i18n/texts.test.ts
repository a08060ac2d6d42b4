import { describe, expect, it } from "@jest/globals";
import { formatDuration } from "./duration.ts";
import { textsOf } from "./texts.ts";

describe("texts", () => {
  it("say how many and how long, in both languages", () => {
    const [en, zh] = [textsOf("en"), textsOf("zh-CN")];
    expect(en.deadLettersFound(1)).toBe("1 dead letter waits for a decision.");
    expect(en.deadLettersFound(2)).toBe("2 dead letters wait for a decision.");
    expect(en.slowStart("turns", 125_000)).toBe("In turns, a job has waited 2 min for a free worker.");
    expect(zh.deadLettersFound(2)).toBe("有 2 条死信等待处理。");
    expect(zh.tooManyAttempts(60_000)).toBe("尝试次数过多，请在1分钟后再试。");
  });

  it.each([
    [-5, "0 sec"],
    [59_999, "59 sec"],
    [60_000, "1 min"],
    [7_199_000, "1 hr"],
    [172_800_000, "2 days"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration("en", ms)).toBe(text);
  });
});
