import type { ServiceHandle } from "../support/service.ts";
import type { Stack } from "../support/stack.ts";
import type { HistoryEvent } from "./history.ts";

/** Knows which ends of services the test has caused, and so which it has not. */
export interface ServiceEnds {
  /** Before the test ends it. */
  expect(service: ServiceHandle): void;
  /** After something that the test has made has killed it. */
  expectKilled(service: ServiceHandle): void;
  /** All others, of services that have ended and of those that are started again by now. */
  read(): Promise<readonly HistoryEvent[]>;
}

export function createServiceEnds(stack: Pick<Stack, "ingress" | "workers" | "console">): ServiceEnds {
  const known = new Set<number>();
  const found: Promise<HistoryEvent[]>[] = [];
  const look = (service: ServiceHandle, allowed?: NodeJS.Signals) => {
    const { pid, exited, isRunning } = service.process;
    if (isRunning() || known.has(pid)) return;
    known.add(pid);
    found.push(
      exited.then(({ code, signal }) =>
        signal !== null && signal === allowed
          ? []
          : [{ type: "ended", how: `${service.url}, process ${pid}: ${signal ?? `code ${code}`}` }],
      ),
    );
  };
  return {
    expect(service) {
      look(service);
      known.add(service.process.pid);
    },
    expectKilled: (service) => look(service, "SIGKILL"),
    async read() {
      const consoles = stack.console === undefined ? [] : [stack.console];
      for (const service of [...stack.ingress, ...stack.workers, ...consoles]) look(service);
      return (await Promise.all(found)).flat();
    },
  };
}
