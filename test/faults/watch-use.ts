import { existsSync } from "node:fs";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";
import type { ProcessUse } from "./process-use.ts";
import { readProcessUse } from "./process-use.ts";
import type { ScenarioViolation } from "./scenario.ts";

/** Enough that a service has used every part of itself and has the heap that its work takes. */
export const WARMING_PEOPLE = 40;

/**
 * What the services hold now is the measure; the check that is returned says what they hold beyond it and more, some
 * seconds after everything has come to rest. Whose use cannot be read has a use that nobody knows: that is a violation.
 */
export function watchUse(
  gateway: FaultStack,
  log: (line: string) => void,
): (name: string, more: ProcessUse) => Promise<ScenarioViolation[]> {
  if (!existsSync("/proc/self/fd")) {
    log("sockets and memory are not measured: this system has no /proc");
    return async () => [];
  }
  const baseline = readUses(gateway);
  const tooMuch = (more: ProcessUse) =>
    [...readUses(gateway)].filter(([port, now]) => {
      const before = baseline.get(port);
      if (before === undefined || now === undefined) return true;
      return now.sockets > before.sockets + more.sockets || now.rssBytes > before.rssBytes + more.rssBytes;
    });
  return async (name, more) => {
    const settled = waitUntil("sockets and memory are back", () => tooMuch(more).length === 0, {
      timeoutMs: 20_000,
    });
    const violations = await settled.then(
      () => [],
      () => [{ rule: "sockets-or-memory-kept", conversation: name, detail: describe(tooMuch(more)) }],
    );
    log(`${name}: ${describe([...baseline])} before, ${describe([...readUses(gateway)])} now`);
    return violations;
  };
}

type Uses = readonly (readonly [port: number, use: ProcessUse | undefined])[];

function readUses({ stack }: FaultStack): ReadonlyMap<number, ProcessUse | undefined> {
  const services = [...stack.ingress, ...stack.workers];
  return new Map(services.map(({ port, process }) => [port, readProcessUse(process.pid)] as const));
}

const describe = (uses: Uses) =>
  uses
    .map(([port, use]) =>
      use === undefined
        ? `port ${port}: unknown`
        : `port ${port}: ${use.sockets} sockets, ${(use.rssBytes / 1e6).toFixed(0)} MB`,
    )
    .join("; ");
