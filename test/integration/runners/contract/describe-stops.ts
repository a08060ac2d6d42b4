import { describe, expect, it } from "@jest/globals";
import type { AbortReason } from "../../../../services/worker/src/runners/runner.ts";
import type { Stage } from "./stage.ts";
import type { Abilities } from "./subject.ts";

const WISHES: readonly AbortReason[] = ["user", "interrupt", "new", "idle"];

/** Told to stop, a run stops, and what the agent had begun with it. */
export function describeStops(stage: () => Stage, { cannot, afterCrash }: Abilities): void {
  describe("stops", () => {
    it.each(WISHES)("stops the agent for good: %s", async (reason) => {
      const play = stage().play({ do: "hang" });
      await stage().untilGiven(play);
      play.stop(reason);
      expect(await play.result).toEqual({ status: "cancelled" });
      await stage().untilNothingLeft();
    });

    const stubborn = cannot.includes("stubborn") ? it.skip : it;
    stubborn("stops an agent that does not want to", async () => {
      const play = stage().play({ do: "stubborn" });
      await stage().untilGiven(play);
      play.stop("user");
      expect(await play.result).toEqual({ status: "cancelled" });
      await stage().untilNothingLeft();
    });

    it("begins nothing that was stopped before", async () => {
      const play = stage().play({ do: "hang" }, { isStoppedAlready: true });
      expect(await play.result).toEqual({ status: "cancelled" });
      await stage().untilNothingLeft();
    });

    it.each(["shutdown", "lost"] as const)(
      "lets go when the turn is no longer its own: %s",
      async (reason) => {
        const play = stage().play({ do: "hang" });
        await stage().untilGiven(play);
        play.stop(reason);
        expect(await play.result).toEqual({ status: "cancelled" });
        if (afterCrash === "reattaches") {
          // The agent's run is left alone, for whoever has the turn now.
          expect(await stage().subject.left()).toBe(1);
          const next = stage().again(play, { isStoppedAlready: true });
          expect(await next.result).toEqual({ status: "cancelled" });
        }
        await stage().untilNothingLeft();
      },
    );

    it("a runner that is shut down leaves nothing behind", async () => {
      const runner = stage().subject.runner();
      const play = stage().play({ do: "hang" }, { runner });
      await stage().untilGiven(play);
      play.stop(afterCrash === "reattaches" ? "user" : "shutdown");
      await runner.shutdown();
      expect(await play.result).toMatchObject({ status: expect.stringMatching(/^(cancelled|failed)$/) });
      await stage().untilNothingLeft();
      await runner.shutdown();
    });
  });
}
