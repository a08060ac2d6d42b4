import type { AgentRunner } from "./runner.ts";

export interface RetirableRunner extends AgentRunner {
  /** Takes no part in what comes; ends itself when its last run has ended. */
  retire(): void;
}

/**
 * Lets a runner be replaced while it works: what it runs comes to its end, only then is it shut down. `shutdown`
 * does not wait.
 */
export function createRetirableRunner(
  runner: AgentRunner,
  onError: (error: unknown) => void,
): RetirableRunner {
  let running = 0;
  let isRetired = false;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= runner.shutdown();
    return ending;
  };
  const endWhenIdle = () => {
    if (isRetired && running === 0) end().catch(onError);
  };
  return {
    ...runner,
    async run(turn, io) {
      running += 1;
      try {
        return await runner.run(turn, io);
      } finally {
        running -= 1;
        endWhenIdle();
      }
    },
    shutdown: end,
    retire() {
      isRetired = true;
      endWhenIdle();
    },
  };
}
