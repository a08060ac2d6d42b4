/**
 * With several apps in one worker none may take all of its turns: a corp with a thousand waiting conversations
 * would keep every other corp's first message waiting for as long as its agents run.
 */
export interface AppSlots {
  /** The way out of a turn; undefined when this app has its share already. */
  enter(app: string): (() => void) | undefined;
}

const LARGEST_SHARE = 0.5;

export function createAppSlots(deps: { concurrency: number; apps: () => number }): AppSlots {
  const share = Math.max(1, Math.floor(deps.concurrency * LARGEST_SHARE));
  const taken = new Map<string, number>();
  return {
    enter(app) {
      const count = taken.get(app) ?? 0;
      if (count >= (deps.apps() > 1 ? share : deps.concurrency)) return undefined;
      taken.set(app, count + 1);
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        const left = (taken.get(app) ?? 1) - 1;
        if (left > 0) taken.set(app, left);
        else taken.delete(app);
      };
    },
  };
}
