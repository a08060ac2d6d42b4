import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { watchLeaks } from "../../support/leaks.ts";
import { describeAnswers } from "./contract/describe-answers.ts";
import { describeAttempts } from "./contract/describe-attempts.ts";
import { describeEndings } from "./contract/describe-endings.ts";
import { describeStops } from "./contract/describe-stops.ts";
import { describeTalk } from "./contract/describe-talk.ts";
import type { Stage } from "./contract/stage.ts";
import { createStage } from "./contract/stage.ts";
import type { Abilities, Subject } from "./contract/subject.ts";

/**
 * What the worker relies on, of every kind of runner: the docstrings of `runner.ts` as tests. A kind joins with an
 * agent that plays (a real server, a real program) and says what it has not got.
 */
export function describeRunnerContract(
  kind: string,
  abilities: Abilities,
  start: () => Promise<Subject>,
): void {
  describe(`the runner "${kind}" keeps the contract`, () => {
    let leaks: Awaited<ReturnType<typeof watchLeaks>>;
    let current: Stage;
    const stage = () => current;
    beforeAll(async () => {
      leaks = await watchLeaks();
      current = createStage(abilities, await start());
    });
    // Runs also when a test failed: nothing of a runner stays behind.
    afterAll(async () => {
      await current?.runner.shutdown();
      await current?.subject.stop();
      await leaks?.settle(10_000);
    });

    it("is of its kind", () => expect(stage().runner.kind).toBe(kind));
    describeProbe(stage);
    describeAnswers(stage);
    describeEndings(stage, abilities);
    describeStops(stage, abilities);
    describeAttempts(stage, abilities);
    describeTalk(stage, abilities);
    describeSecrecy(stage);
  });
}

function describeProbe(stage: () => Stage): void {
  describe("the check at the start", () => {
    it("passes where all is well", async () => {
      expect(await stage().runner.probe()).toMatchObject({ ok: true });
    });

    it("says in words what is wrong, and a run there fails and does not throw", async () => {
      const broken = stage().subject.broken();
      if (broken === undefined) return;
      const probe = await broken.probe();
      expect(probe).toEqual({ ok: false, problem: expect.stringMatching(/\w+ \w+ \w+/) });
      const result = await stage().play({ do: "answer", text: "from nowhere" }, { runner: broken }).result;
      expect(result).toMatchObject({ status: "failed", detail: expect.stringMatching(/\w+ \w+/) });
      for (const secret of stage().subject.secrets)
        expect(JSON.stringify([probe, result])).not.toContain(secret);
      await broken.shutdown();
    });
  });
}

/** Last: over everything that was run before. */
function describeSecrecy(stage: () => Stage): void {
  describe("nothing gets out", () => {
    it("has no secret and nobody's words in its logs, failures and checkpoints", async () => {
      const { plays, subject } = stage();
      const results = await Promise.all(plays.map(({ result }) => result));
      const details = results.map((result) => (result.status === "failed" ? result.detail : ""));
      const checkpoints = plays.flatMap((play) => play.checkpoints);
      const everything = `${details.join("\n")}\n${JSON.stringify(checkpoints)}\n${subject.logs()}`;
      for (const secret of subject.secrets) expect(everything).not.toContain(secret);
      expect(`${details.join("\n")}\n${subject.logs()}`).not.toMatch(/words-[0-9a-f]{8}/);
    });
  });
}
