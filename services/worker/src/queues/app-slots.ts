/**
 * With several apps in one worker none may take all of its places: a corp with a thousand waiting conversations
 * would keep every other corp's first message waiting for as long as its agents run.
 */
export interface AppSlots {
  /** The way out of a place; undefined when this app has its share already. */
  enter(app: string): (() => void) | undefined;
  /** For one that found no place: when it is to ask again, in milliseconds. */
  turnAway(app: string): number;
  /** Other apps have been turned away and this one has not: its few go before their many. */
  overtakes(app: string): boolean;
}

const PAUSE_MS = 1000;
/** A crowd of thousands that all ask every second would be all that the worker does; as it is, a place is found as soon. */
const APART_MS = 5;

/**
 * An app may have as many places as are left free. A single crowded app thus gets half of them, two get a third
 * each, and however many they are, there is room for one more.
 */
export function createAppSlots(deps: {
  concurrency: number;
  apps: () => number;
  now?: () => number;
}): AppSlots {
  const { now = () => performance.now() } = deps;
  /** When the last one of an app that was turned away asks again. */
  const askAgainAt = new Map<string, number>();
  const taken = new Map<string, number>();
  let total = 0;
  const hasItsShare = (own: number) => own > 0 && deps.apps() > 1 && own >= deps.concurrency - total;
  return {
    turnAway(app) {
      const nowMs = now();
      const atMs = Math.max(nowMs + PAUSE_MS, (askAgainAt.get(app) ?? 0) + APART_MS);
      askAgainAt.set(app, atMs);
      return atMs - nowMs;
    },
    overtakes(app) {
      const nowMs = now();
      for (const [other, atMs] of askAgainAt) if (atMs <= nowMs) askAgainAt.delete(other);
      return askAgainAt.size > 0 && !askAgainAt.has(app);
    },
    enter(app) {
      const count = taken.get(app) ?? 0;
      if (hasItsShare(count)) return undefined;
      taken.set(app, count + 1);
      total += 1;
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        total -= 1;
        const left = (taken.get(app) ?? 1) - 1;
        if (left > 0) taken.set(app, left);
        else taken.delete(app);
      };
    },
  };
}
