/** Where the emulator reads the time. Tests hand in their own or move it with {@link OffsetClock.advance}. */
export interface Clock {
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that can be moved ahead, so that tokens, media and limits age without waiting. */
export interface OffsetClock extends Clock {
  /** The time without what it was moved ahead by; callbacks carry this one, or the gateway would take them for forged. */
  unshiftedMs(): number;
  advance(ms: number): void;
  reset(): void;
}

export function createOffsetClock(base: Clock): OffsetClock {
  let offsetMs = 0;
  return {
    nowMs: () => base.nowMs() + offsetMs,
    unshiftedMs: () => base.nowMs(),
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError("A clock only moves ahead: give milliseconds >= 0.");
      offsetMs += ms;
    },
    reset: () => {
      offsetMs = 0;
    },
  };
}
