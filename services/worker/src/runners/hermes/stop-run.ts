import { setTimeout as delay } from "node:timers/promises";
import type { HermesApi } from "./api.ts";
import type { RunStatus } from "./messages.ts";

const TRIES = 10;
const PAUSE_MS = 1000;

/**
 * Stops a run, also at a Hermes that is not to be had for some seconds. The run's status when that was its end already:
 * its answer counts.
 */
export async function stopRun(api: Pick<HermesApi, "stop">, runId: string): Promise<RunStatus | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await api.stop(runId);
    if (reply.ok) return reply.value;
    // Not known, or active nowhere: nothing runs.
    if ((reply.why !== "passing" && reply.why !== "busy") || attempt === TRIES) return undefined;
    await delay(PAUSE_MS);
  }
}
