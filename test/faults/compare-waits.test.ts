import { describe, expect, it } from "@jest/globals";
import { checkWaits, compareWaits } from "./compare-waits.ts";
import type { HistoryEvent } from "./history.ts";

const CALM = { fromMs: 0, toMs: 30_000 };
const PRESSED = { fromMs: 30_000, toMs: 60_000 };
const NOBODY_WAITS = { acknowledgement: 10, start: 20, delivery: 30 };

/** One message a second; `waitsAt` says how long the one written then waits. */
function history(waitsAt: (atMs: number) => typeof NOBODY_WAITS | undefined): HistoryEvent[] {
  return Array.from({ length: 60 }, (_, second) => {
    const [message, atMs] = [String(second), second * 1000];
    const waits = waitsAt(atMs) ?? NOBODY_WAITS;
    const ackMs = atMs + waits.acknowledgement;
    const startMs = ackMs + waits.start;
    const run = `run-${message}`;
    return [
      { type: "push", message, conversation: "ann", atMs },
      { type: "ack", message, atMs: ackMs },
      { type: "run-start", run, worker: 1, conversation: "ann", messages: [message], atMs: startMs },
      { type: "run-end", run, how: "answered", atMs: startMs + 5000 },
      {
        ...{ type: "send", conversation: "ann", fate: "shown", body: message },
        ...{ text: `${message} 1/1`, atMs: startMs + 5000 + waits.delivery },
      },
    ] satisfies HistoryEvent[];
  }).flat();
}

const held = (events: readonly HistoryEvent[]) =>
  checkWaits(
    "crowd",
    compareWaits(events, (conversation) => conversation === "ann", { calm: CALM, pressed: PRESSED }),
  ).map(({ detail }) => detail);

describe("waits under pressure", () => {
  it("are as long as when all is calm", () => {
    expect(held(history(() => undefined))).toEqual([]);
  });

  it.each([
    ["acknowledgement", "acknowledgement: 1010 ms, and 10 ms when all was calm"],
    ["start", "start of the run: 1020 ms, and 20 ms when all was calm"],
    ["delivery", "delivery: 1030 ms, and 30 ms when all was calm"],
  ] as const)("are too long by a second: %s", (wait, detail) => {
    const waits = { ...NOBODY_WAITS, [wait]: NOBODY_WAITS[wait] + 1000 };
    expect(held(history((atMs) => (atMs >= PRESSED.fromMs ? waits : undefined)))).toEqual([detail]);
  });

  it("are found when one in ten is held up all the time, and not when all are for a moment", () => {
    const waits = { ...NOBODY_WAITS, start: 5000 };
    const oneInTen = (atMs: number) => (atMs >= PRESSED.fromMs && atMs % 10_000 === 0 ? waits : undefined);
    expect(held(history(oneInTen))).toHaveLength(1);
    const aMoment = (atMs: number) => (atMs >= 31_000 && atMs < 36_000 ? waits : undefined);
    expect(held(history(aMoment))).toEqual([]);
  });

  it("are too long for who is never answered, and where nothing was measured", () => {
    const noAnswers = history(() => undefined).filter(({ type }) => type !== "send");
    expect(held(noAnswers)).toEqual(["delivery: Infinity ms, and Infinity ms when all was calm"]);
    expect(held([])).toHaveLength(3);
  });
});
