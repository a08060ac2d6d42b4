import { waitUntil } from "./wait-until.ts";

const IGNORED = new Set(["Timeout", "Immediate", "TickObject", "PROMISE", "FSReqCallback", "FSReqPromise"]);

/**
 * Remembers which sockets, servers and child processes are open now. `settle` waits until no more than
 * those are, and fails with the names of what stayed open.
 */
export async function watchLeaks(): Promise<{ settle(timeoutMs?: number): Promise<void> }> {
  // What is closing right now must not count as open before: it would hide a leak of the same kind.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const before = countResources();
  const leaked = () => {
    const now = countResources();
    return [...now].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} × ${kind}`] : [];
    });
  };
  return {
    async settle(timeoutMs = 5_000) {
      await waitUntil("everything opened is closed again", () => leaked().length === 0, {
        timeoutMs,
        describe: () => `still open: ${leaked().join(", ")}`,
      });
    },
  };
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!IGNORED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
