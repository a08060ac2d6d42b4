/**
 * With several apps in one worker none may take all of its places: a corp with a thousand waiting conversations
 * would keep every other corp's first message waiting for as long as its agents run.
 */
export interface AppSlots {
  /** The way out of a place; undefined when this app has its share already. */
  enter(app: string): (() => void) | undefined;
}

/**
 * An app may have as many places as are left free. A single crowded app thus gets half of them, two get a third
 * each, and however many they are, there is room for one more.
 */
export function createAppSlots(deps: { concurrency: number; apps: () => number }): AppSlots {
  const taken = new Map<string, number>();
  let total = 0;
  const hasItsShare = (own: number) => own > 0 && deps.apps() > 1 && own >= deps.concurrency - total;
  return {
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
