import { describe, expect, it } from "@jest/globals";
import { waitUntil } from "../../../support/wait-until.ts";
import type { Stage } from "./stage.ts";
import type { Abilities } from "./subject.ts";

/** What goes back and forth while a run goes on, and between the turns of a session. */
export function describeTalk(stage: () => Stage, abilities: Abilities): void {
  describe("progress", () => {
    if (abilities.progress)
      it("shows signs of life, and says what the agent is doing", async () => {
        const play = stage().play({ do: "progress", titles: ["reading", "counting"], text: "counted" });
        expect(await play.result).toMatchObject({ status: "done" });
        const told = play.events.filter((event) => event.type === "progress");
        expect(told.length).toBeGreaterThan(0);
        for (const { title } of told) expect(title).toMatch(/\S/);
      });
    else it("never says what the agent is doing", () => expect(countProgress(stage())).toBe(0));
  });

  describe("approvals", () => {
    const { approvals } = abilities;
    if (approvals === "live") {
      it.each(["approved", "denied"] as const)("lets the person decide: %s", async (decision) => {
        const play = stage().play({ do: "ask", title: "delete the files" }, { decision });
        expect(await play.result).toMatchObject({
          status: "done",
          text: expect.stringMatching(new RegExp(decision, "i")),
        });
        expect(play.asked).toHaveLength(1);
      });

      it("can be stopped while it waits for the person", async () => {
        const play = stage().play({ do: "ask", title: "delete the files" });
        await stage().untilGiven(play);
        play.stop("user");
        expect(await play.result).toEqual({ status: "cancelled" });
        await stage().untilNothingLeft();
      });
    }
    if (approvals === "refused")
      it("answers for the person: no", async () => {
        const play = stage().play({ do: "ask", title: "delete the files" });
        expect(await play.result).toMatchObject({ status: "done", text: expect.stringMatching(/denied/i) });
      });
    if (approvals !== "live")
      it("never asks the person", () => expect(stage().plays.flatMap(({ asked }) => asked)).toEqual([]));
  });

  describe("what the person adds", () => {
    if (abilities.steer)
      it("is taken in", async () => {
        const play = stage().play({ do: "wait", text: "the whole" });
        await stage().untilGiven(play);
        // The agent may have it before the runner knows that.
        const steer = await waitUntil("it takes something in", () => play.steer);
        expect(await steer("and one more thing")).toBe(true);
        await stage().subject.release(play.id);
        expect(await play.result).toMatchObject({ status: "done" });
      });
    else
      it("is not taken in", () => {
        for (const { steer } of stage().plays) expect(steer).toBeUndefined();
      });
  });

  describe("memory", () => {
    const { memory } = abilities;
    it("says of itself where it is", () => {
      expect(stage().runner.keepsMemory === true).toBe(memory === "own");
    });

    if (memory === "own")
      it("finds the session again, and not another's", async () => {
        const first = stage().play({ do: "remember", word: "marzipan" });
        expect(await first.result).toMatchObject({ status: "done" });
        const second = stage().play({ do: "recall" }, { follows: first, runner: stage().subject.runner() });
        expect(await second.result).toMatchObject({ text: expect.stringContaining("marzipan") });
        const stranger = await stage().play({ do: "recall" }).result;
        expect(stranger).toMatchObject({ status: "done", text: expect.not.stringContaining("marzipan") });
      });
    if (memory === "history")
      it("tells the agent what was said", async () => {
        const history = [{ user: "remember marzipan", assistant: "I do", atMs: 1 }];
        const play = stage().play({ do: "recall" }, { history });
        expect(await play.result).toMatchObject({ text: expect.stringContaining("marzipan") });
      });
  });
}

function countProgress(stage: Stage): number {
  return stage.plays.flatMap(({ events }) => events).filter(({ type }) => type === "progress").length;
}
