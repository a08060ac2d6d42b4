/** Counts events of the last `windowMs` and says when there is room for another. */
export interface SlidingWindow {
  /** True and counted when the window has room, false and not counted when it has not. */
  tryTake(nowMs: number): boolean;
  hasRoom(nowMs: number): boolean;
}

export function createSlidingWindow(limit: number, windowMs: number): SlidingWindow {
  let times: number[] = [];
  let first = 0;

  function forgetOld(nowMs: number): void {
    while (first < times.length && (times[first] ?? 0) <= nowMs - windowMs) first += 1;
    if (first > 32 && first * 2 > times.length) {
      times = times.slice(first);
      first = 0;
    }
  }

  function hasRoom(nowMs: number): boolean {
    forgetOld(nowMs);
    return times.length - first < limit;
  }

  return {
    hasRoom,
    tryTake(nowMs) {
      if (!hasRoom(nowMs)) return false;
      times.push(nowMs);
      return true;
    },
  };
}
