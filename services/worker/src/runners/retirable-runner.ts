import type { AgentRunner } from "./runner.ts";

export interface RetirableRunner extends AgentRunner {
  /** Takes no part in what comes; ends itself when its last run has ended. */
  retire(): void;
}

/**
 * Lets a runner be replaced while it works: what it runs, or is leased to run, comes to its end, only then is it shut down. `shutdown`
 * does not wait.
 */
export function createRetirableRunner(
  runner: AgentRunner,
  onError: (error: unknown) => void,
): RetirableRunner {
  let users = 0;
  let isRetired = false;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= runner.shutdown();
    return ending;
  };
  const endWhenIdle = () => {
    if (isRetired && users === 0) end().catch(onError);
  };
  const lease = () => {
    users += 1;
    return () => {
      users -= 1;
      endWhenIdle();
    };
  };
  return {
    ...runner,
    lease,
    async run(turn, io) {
      const leave = lease();
      return runner.run(turn, io).finally(leave);
    },
    shutdown: end,
    retire() {
      isRetired = true;
      endWhenIdle();
    },
  };
}
