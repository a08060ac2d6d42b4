/**
 * With several apps in one worker none may take all of its places: a corp with a thousand waiting conversations
 * would keep every other corp's first message waiting for as long as its agents run.
 */
export interface AppSlots {
  /** The way out of a place; undefined when this app has its share already. */
  enter(app: string): (() => void) | undefined;
  turnAway(app: string): TurnedAway;
  /** Other apps have been turned away and this one has not: its few go before their many. */
  overtakes(app: string): boolean;
}

/** One that found no place. */
export interface TurnedAway {
  /** When it is to ask again by itself, in milliseconds. */
  readonly afterMs: number;
  /** It waits: until then `call` is called, once, when a place has become free. */
  standInLine(call: () => Promise<unknown>): void;
}

const PAUSE_MS = 1000;
/**
 * Who waits is called; that they also ask by themselves is for places in other workers, and for the end of this one. A crowd
 * of thousands that all ask every second would be all that a worker does.
 */
const APART_MS = 20;
const LONGEST_PAUSE_MS = 30_000;

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
  /** Of each app, who came first is first. */
  const lines = new Map<string, { readonly untilMs: number; call(): Promise<unknown> }[]>();
  /** Whose time is over has asked by itself, and may wait for something else by now. */
  const lineOf = (app: string) => {
    const line = lines.get(app) ?? [];
    const nowMs = now();
    while (line[0] !== undefined && line[0].untilMs <= nowMs) line.shift();
    return line;
  };
  const callNext = () => {
    const fewestFirst = [...lines.keys()].sort((a, b) => (taken.get(a) ?? 0) - (taken.get(b) ?? 0));
    for (const app of fewestFirst) {
      if (hasItsShare(taken.get(app) ?? 0)) continue;
      const first = lineOf(app).shift();
      // Where it has gone all the same, the place is the next one's.
      if (first !== undefined) return void first.call().catch(callNext);
      lines.delete(app);
    }
  };
  return {
    turnAway(app) {
      const nowMs = now();
      const inTurnMs = Math.max(nowMs + PAUSE_MS, (askAgainAt.get(app) ?? 0) + APART_MS);
      const untilMs = Math.min(inTurnMs, nowMs + LONGEST_PAUSE_MS);
      askAgainAt.set(app, untilMs);
      return {
        afterMs: untilMs - nowMs,
        standInLine(call) {
          const line = lineOf(app);
          line.push({ untilMs, call });
          lines.set(app, line);
        },
      };
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
        callNext();
      };
    },
  };
}
