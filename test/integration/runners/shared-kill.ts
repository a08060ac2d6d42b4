import type { ServiceHandle } from "../../support/service.ts";

interface Party {
  readonly whileDown: () => Promise<unknown>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One kill -9 of a worker for several tests that run beside each other. It comes when all of them have asked for it;
 * whoever asks once more, because it failed, is alone. No more than five: jest starts no more beside each other.
 */
export function createSharedKill(parties: number, worker: () => ServiceHandle) {
  const waiting: Party[] = [];
  let asked = 0;

  const kill = async (all: readonly Party[]) => {
    await worker().kill("SIGKILL");
    await Promise.all(all.map(({ whileDown }) => whileDown()));
    await worker().start();
  };
  /** Resolves when the worker is up again. */
  return (whileDown: () => Promise<unknown> = async () => undefined): Promise<void> =>
    new Promise((done, failed) => {
      waiting.push({ whileDown, done, failed });
      asked += 1;
      if (asked < parties) return;
      const all = waiting.splice(0);
      kill(all).then(
        () => all.forEach((party) => void party.done()),
        (error: unknown) => all.forEach((party) => void party.failed(error)),
      );
    });
}
