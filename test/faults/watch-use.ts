import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";
import type { ProcessUse } from "./process-use.ts";
import { readProcessUse } from "./process-use.ts";
import type { ScenarioViolation } from "./scenario.ts";

/**
 * What the services hold now is the measure; the check that is returned says what they hold beyond it and more, some
 * seconds after everything has come to rest.
 */
export function watchUse(
  gateway: FaultStack,
  more: ProcessUse,
): (name: string) => Promise<ScenarioViolation[]> {
  const baseline = readUses(gateway);
  const tooMuch = () =>
    [...readUses(gateway)].filter(([port, { sockets, rssBytes }]) => {
      const before = baseline.get(port);
      if (before === undefined) return false;
      return sockets > before.sockets + more.sockets || rssBytes > before.rssBytes + more.rssBytes;
    });
  return async (name) => {
    const settled = waitUntil("sockets and memory are back", () => tooMuch().length === 0, {
      timeoutMs: 20_000,
    });
    return await settled.then(
      () => [],
      () => [{ rule: "sockets-or-memory-kept", conversation: name, detail: JSON.stringify(tooMuch()) }],
    );
  };
}

function readUses({ stack }: FaultStack): ReadonlyMap<number, ProcessUse> {
  return new Map(
    [...stack.ingress, ...stack.workers].flatMap(({ port, process }) => {
      const use = readProcessUse(process.pid);
      return use === undefined ? [] : [[port, use] as const];
    }),
  );
}
