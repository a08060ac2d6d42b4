import { describe, expect, it } from "@jest/globals";
import type { Stage } from "./stage.ts";
import type { Abilities } from "./subject.ts";

/** The most that an answer may have, in characters; the figure that matters is that there is one. */
const ANSWER_LIMIT_CHARS = 2 * 1024 * 1024;
const FAILURE = { status: "failed", code: expect.any(String), detail: expect.stringMatching(/\S \S/) };

/** However an agent ends: an error is never an answer, and a run never rejects. */
export function describeEndings(stage: () => Stage, { cannot, timeLimit }: Abilities): void {
  const can = (act: Abilities["cannot"][number]) => (cannot.includes(act) ? it.skip : it);
  describe("endings", () => {
    it("reports what the agent reports, without its words", async () => {
      const result = await stage().play({ do: "fail", why: "canary-of-the-agent" }).result;
      expect(result).toMatchObject({ ...FAILURE, retryable: expect.any(Boolean) });
      expect(JSON.stringify(result)).not.toContain("canary-of-the-agent");
    });

    can("empty")("takes an empty answer for a failure", async () => {
      expect(await stage().play({ do: "empty" }).result).toMatchObject({ ...FAILURE, code: "empty" });
    });

    can("die")("takes half an answer for a failure, and does not run the agent again by itself", async () => {
      const result = await stage().play({ do: "die", text: "half an answer" }).result;
      expect(result).toMatchObject({ ...FAILURE, retryable: false });
      expect(JSON.stringify(result)).not.toContain("half an answer");
      await stage().untilNothingLeft();
    });

    can("flood")("bounds what an agent says", async () => {
      const result = await stage().play({ do: "flood" }).result;
      if (result.status === "done") expect(result.text.length).toBeLessThanOrEqual(ANSWER_LIMIT_CHARS);
      else expect(result).toMatchObject({ ...FAILURE, code: "output" });
      await stage().untilNothingLeft();
    });

    can("garbage")("survives bytes that are no text", async () => {
      const result = await stage().play({ do: "garbage" }).result;
      if (result.status === "done") {
        expect(result.text).toMatch(/left.*right/s);
        expect(result.text.isWellFormed()).toBe(true);
      } else expect(result).toMatchObject({ ...FAILURE, code: "protocol" });
    });

    if (timeLimit)
      it("ends a run that takes too long", async () => {
        const runner = stage().subject.runner({ timeoutMs: 700 });
        const result = await stage().play({ do: "hang" }, { runner }).result;
        expect(result).toMatchObject({ ...FAILURE, code: "timeout", retryable: false });
        await stage().untilNothingLeft();
        await runner.shutdown();
      });

    if (cannot.length > 0)
      it.each(cannot)("its agent cannot: %s", (act) => {
        const any = { do: act, text: "", titles: [], title: "", why: "", word: "" };
        expect(stage().subject.say(any, "id")).toBeUndefined();
      });
  });
}
