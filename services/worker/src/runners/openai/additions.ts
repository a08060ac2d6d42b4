import type { TurnIO } from "../runner.ts";

/** What the person adds while the run goes on. */
export interface Additions {
  /** What has come since the last time; the model sees it before its next step. */
  take(): readonly string[];
  /** Takes nothing in any more. Returns how many were taken in that the model has not seen. */
  close(): number;
}

/** `known`: added already by an attempt that died before the message was out of the mailbox. */
export function collectAdditions(io: Pick<TurnIO, "onSteer">, known: readonly string[]): Additions {
  const expected = [...known];
  let waiting: string[] = [];
  let isClosed = false;
  io.onSteer(async (text) => {
    if (isClosed) return false;
    if (expected[0] === text) expected.shift();
    else waiting.push(text);
    return true;
  });
  return {
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    close() {
      isClosed = true;
      return waiting.length;
    },
  };
}
