import { describe, expect, it } from "@jest/globals";
import type { Stage } from "./stage.ts";

const PADDING_CHARS = 300_000;

/** What an agent says reaches the person, and what the person says the agent. */
export function describeAnswers(stage: () => Stage): void {
  describe("answers", () => {
    it("hands over the answer", async () => {
      const { result, text, id } = stage().play({ do: "answer", text: "四十二 👋 forty-two" });
      expect(await result).toEqual({ status: "done", text: expect.stringContaining("四十二 👋 forty-two") });
      expect(await stage().subject.given(id)).toEqual([text]);
    });

    it("hands over a message of any length, whole", async () => {
      const padding = ` ${"字".repeat(PADDING_CHARS)} end`;
      const { result, text, id } = stage().play({ do: "answer", text: "taken" }, { padding });
      expect(await result).toMatchObject({ status: "done" });
      const given = await stage().subject.given(id);
      expect(given.map(({ length }) => length)).toEqual([text.length]);
      expect(given[0] === text).toBe(true);
    });

    it("runs conversations side by side, each with its own answer, whatever becomes of the others", async () => {
      const words = ["one", "two", "three", "four"];
      const answers = words.map((word) => stage().play({ do: "answer", text: `answer ${word}` }));
      const broken = stage().play({ do: "fail", why: "it broke" });
      const stopped = stage().play({ do: "hang" });
      await stage().untilGiven(stopped);
      stopped.stop("user");
      const results = await Promise.all(answers.map(({ result }) => result));
      for (const [index, result] of results.entries())
        expect(result).toMatchObject({
          status: "done",
          text: expect.stringContaining(`answer ${words[index]}`),
        });
      expect(await broken.result).toMatchObject({ status: "failed" });
      expect(await stopped.result).toEqual({ status: "cancelled" });
    });
  });
}
