import type { AgentRunner, Turn, TurnIO, TurnResult } from "../../../services/worker/src/runners/runner.ts";

/** An agent run that the test holds in its hands. */
export interface HeldRun {
  readonly turn: Turn;
  readonly io: TurnIO;
  /** What the person added while it ran. */
  readonly steered: string[];
  end(result: TurnResult): void;
  answer(text: string): void;
}

export interface ScriptedRunner extends AgentRunner {
  /** The texts of all runs so far. */
  readonly seen: string[];
  /** The next run waits for the test; without this a run answers at once. */
  hold(options?: { readonly takesSteer?: boolean }): Promise<HeldRun>;
}

/** Answers "re: <text>", or waits for the test; a run that is told to stop ends as cancelled. */
export function createScriptedRunner(): ScriptedRunner {
  const seen: string[] = [];
  let next: { resolve: (run: HeldRun) => void; takesSteer: boolean } | undefined;
  return {
    kind: "scripted",
    seen,
    probe: async () => ({ ok: true }),
    shutdown: async () => undefined,
    hold: ({ takesSteer = false } = {}) =>
      new Promise((resolve) => {
        next = { resolve, takesSteer };
      }),
    async run(turn, io) {
      seen.push(turn.text);
      const held = next;
      next = undefined;
      if (held === undefined) return { status: "done", text: `re: ${turn.text}` };
      return new Promise<TurnResult>((end) => {
        const steered: string[] = [];
        io.signal.addEventListener("abort", () => end({ status: "cancelled" }));
        if (io.signal.aborted) end({ status: "cancelled" });
        if (held.takesSteer)
          io.onSteer(async (text) => {
            steered.push(text);
            return true;
          });
        held.resolve({ turn, io, steered, end, answer: (text) => end({ status: "done", text }) });
      });
    },
  };
}
