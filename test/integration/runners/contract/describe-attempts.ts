import { describe, expect, it } from "@jest/globals";
import type { Stage } from "./stage.ts";
import type { Abilities } from "./subject.ts";

const CHECKPOINT_LIMIT_BYTES = 64 * 1024;

/** What a further attempt does, after a crash or a deploy. */
export function describeAttempts(stage: () => Stage, { afterCrash }: Abilities): void {
  describe("further attempts", () => {
    it("says of itself what it does", () => {
      expect(stage().runner.reattaches === true).toBe(afterCrash === "reattaches");
    });

    it("runs a turn whose earlier attempt got nowhere", async () => {
      const play = stage().play({ do: "answer", text: "at last" }, { attempt: 2 });
      expect(await play.result).toMatchObject({ status: "done", text: expect.stringContaining("at last") });
      expect(await stage().subject.given(play.id)).toEqual([play.text]);
    });

    // A handover is no attempt: its number stays.
    it.each([
      ["lost", 2],
      ["shutdown", 1],
    ] as const)("after %s, attempt %d: hands the message over as declared", async (reason, attempt) => {
      const first = stage().play({ do: "wait", text: "the answer" });
      await stage().untilGiven(first);
      first.stop(reason);
      expect(await first.result).toEqual({ status: "cancelled" });

      const runner = stage().subject.runner();
      const second = stage().again(first, { runner, attempt });
      if (afterCrash === "again") await stage().untilGiven(second, 2);
      await stage().subject.release(first.id);
      const result = await second.result;
      if (afterCrash === "continues")
        expect(["done", "interrupted"]).toContain(result.status === "failed" ? result.code : result.status);
      else expect(result).toMatchObject({ status: "done" });
      if (afterCrash === "reattaches")
        expect(result).toMatchObject({ text: expect.stringContaining("the answer") });
      expect(await stage().subject.given(first.id)).toHaveLength(afterCrash === "again" ? 2 : 1);
      await stage().untilNothingLeft();
      await runner.shutdown();
    });

    if (afterCrash === "again")
      it("stores nothing for a further attempt", () => {
        for (const { checkpoints } of stage().plays)
          for (const { run } of checkpoints) expect(run).toBeUndefined();
      });
    else
      it("gives the agent nothing while another worker has the turn", async () => {
        const play = stage().play({ do: "answer", text: "from a ghost" }, { isLost: true });
        expect(await play.result).toEqual({ status: "cancelled" });
        expect(await stage().subject.given(play.id)).toEqual([]);
      });

    it("stores little", () => {
      for (const { checkpoints } of stage().plays)
        for (const checkpoint of checkpoints)
          expect(JSON.stringify(checkpoint).length).toBeLessThan(CHECKPOINT_LIMIT_BYTES);
    });
  });
}
