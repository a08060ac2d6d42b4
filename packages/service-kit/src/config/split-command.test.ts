import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitCommand } from "./split-command.ts";

describe("splitCommand", () => {
  it.each([
    ["python3 agent.py", ["python3", "agent.py"]],
    ["  a\t b  ", ["a", "b"]],
    [`a "b c" 'd "e"' f""g ''`, ["a", "b c", 'd "e"', "fg", ""]],
    ["echo $HOME | tee *.log", ["echo", "$HOME", "|", "tee", "*.log"]],
    ["C:\\agent\\run.exe", ["C:\\agent\\run.exe"]],
  ])("%j", (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(["", "   ", `a "b`, "it's", `""`])("refuses %j", (line) => {
    expect(splitCommand(line)).toBeUndefined();
  });

  it("gives back words that were quoted", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(splitCommand(words.map((text) => `'${text}'`).join(" "))).toEqual(words);
      }),
    );
  });
});
