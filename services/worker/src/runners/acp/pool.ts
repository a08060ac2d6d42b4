import type { Agent } from "./agent.ts";

/** The agents of this worker, one for each person; idle ones are ended, the longest idle one first where room is needed. */
export interface AgentPool {
  /**
   * The person's agent, started where there is none. Waits while it is not fit, or while there is no room for one more.
   * Rejects with what `start` rejects with, or when the signal fires.
   */
  acquire(person: string, start: StartAgent, signal: AbortSignal): Promise<HeldAgent>;
  /** Ends all of them. */
  close(): Promise<void>;
}

/** Gives up, and leaves nothing behind, when the signal fires. */
export type StartAgent = (signal: AbortSignal) => Promise<Agent>;

export interface HeldAgent {
  readonly agent: Agent;
  /** An agent that is not fit is ended, and nobody gets it meanwhile. Does not wait for it. */
  release(isFit: Promise<boolean>): void;
}

interface Place {
  readonly agent: Promise<Agent>;
  readonly starting: AbortController;
  users: number;
  idleSince: number;
  timer: NodeJS.Timeout | undefined;
  /** Until then it gets no prompt. */
  settled: Promise<void>;
  ending: Promise<void> | undefined;
}

export function createAgentPool(deps: { readonly idleMs: number; readonly limit: number }): AgentPool {
  const places = new Map<string, Place>();
  let isClosed = false;
  let freed: () => void = () => undefined;
  let freeing = new Promise<void>((resolve) => {
    freed = resolve;
  });
  const tellFreed = () => {
    freed();
    freeing = new Promise<void>((resolve) => {
      freed = resolve;
    });
  };

  const end = (person: string, place: Place) => {
    clearTimeout(place.timer);
    place.starting.abort();
    place.ending ??= place.agent
      .then((agent) => agent.end())
      .catch(() => undefined)
      .finally(() => {
        if (places.get(person) === place) places.delete(person);
        tellFreed();
      });
    return place.ending;
  };

  const makeRoom = async (signal: AbortSignal) => {
    while (places.size >= deps.limit) {
      const idle = [...places].filter(([, { users, ending }]) => users === 0 && ending === undefined);
      const [oldest] = idle.sort(([, a], [, b]) => a.idleSince - b.idleSince);
      await orAbort(oldest === undefined ? freeing : end(...oldest), signal);
    }
  };

  const open = (person: string, start: StartAgent): Place => {
    const starting = new AbortController();
    const agent = start(starting.signal);
    const place: Place = {
      ...{ agent, starting, users: 0, idleSince: 0, timer: undefined },
      ...{ settled: Promise.resolve(), ending: undefined },
    };
    places.set(person, place);
    const onEnd = () => void end(person, place);
    agent.then(({ exited }) => exited.then(onEnd), onEnd);
    return place;
  };

  return {
    async acquire(person, start, signal) {
      for (;;) {
        if (isClosed) throw new Error("the worker is stopping");
        const found = places.get(person);
        if (found?.ending !== undefined) {
          await orAbort(found.ending, signal);
          continue;
        }
        if (found === undefined && places.size >= deps.limit) {
          await makeRoom(signal);
          continue;
        }
        const place = found ?? open(person, start);
        place.users += 1;
        clearTimeout(place.timer);
        const leave = () => {
          place.users -= 1;
          if (place.users > 0) return;
          place.idleSince = performance.now();
          place.timer = setTimeout(() => void end(person, place), deps.idleMs);
          place.timer.unref();
          tellFreed();
        };
        try {
          const agent = await orAbort(place.agent, signal);
          await orAbort(place.settled, signal);
          if (place.ending === undefined && agent.isAlive())
            return { agent, release: (isFit) => release(person, place, leave, isFit) };
          leave();
          await orAbort(end(person, place), signal);
        } catch (error) {
          leave();
          throw error;
        }
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...places].map(([person, place]) => end(person, place)));
    },
  };

  function release(person: string, place: Place, leave: () => void, isFit: Promise<boolean>): void {
    const settled = isFit.then((fit) => {
      if (!fit) void end(person, place);
    });
    const before = place.settled;
    place.settled = Promise.all([before, settled]).then(() => undefined);
    void settled.finally(leave);
  }
}

/** @throws AbortedError as soon as the signal fires */
export async function orAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  // Nobody may be left to hear of its failure.
  work.catch(() => undefined);
  if (signal.aborted) throw new AbortedError();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new AbortedError());
    signal.addEventListener("abort", onAbort);
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener("abort", onAbort));
}

export class AbortedError extends Error {
  override readonly name = "AbortedError";
}
