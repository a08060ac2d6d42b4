import type { Keys } from "@gateway/conversation";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { beatScript, leaveScript, releaseScript, silentScript } from "./heartbeat-scripts.ts";

interface Deps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly workerId: string;
  /** The ids of this process's BullMQ workers: their lock tokens begin with them. */
  readonly bullmqWorkerIds: readonly string[];
  /** `active` lists of the queues whose jobs a dead worker may hold. */
  readonly activeLists: readonly string[];
  /** A worker that has not been heard of for this long is dead. */
  readonly deadAfterMs: number;
  readonly logger: Logger;
}

export interface Heartbeat {
  stop(): Promise<void>;
}

const RECORD_TTL_MS = 24 * 3600 * 1000;

/**
 * Job locks are long, so that a Redis outage re-runs no healthy agent; a killed worker must be noticed much
 * sooner. Every worker says that it lives and looks for others that stopped saying so. It judges only after it
 * has itself been heard by Redis without a gap for as long as the silence it judges: an outage of Redis
 * silences everybody, and proves nothing about anybody.
 */
export function startHeartbeat(deps: Deps): Heartbeat {
  const { redis, keys, workerId, deadAfterMs } = deps;
  const intervalMs = Math.max(Math.floor(deadAfterMs / 5), 50);
  for (const script of [beatScript, leaveScript, releaseScript, silentScript]) script.keepLoaded(redis);
  let heardSinceMs: number | undefined;
  let lastBeatMs = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  /** The beat's time by Redis's clock, once this worker has been heard for long enough to judge others. */
  const beat = async (): Promise<number | undefined> => {
    const record = JSON.stringify(deps.bullmqWorkerIds);
    const args = [workerId, record, RECORD_TTL_MS];
    const beatAtMs = Number(await beatScript.run(redis, [keys.workers, keys.worker(workerId)], args));
    const nowMs = performance.now();
    if (heardSinceMs === undefined || nowMs - lastBeatMs > deadAfterMs / 2) heardSinceMs = nowMs;
    lastBeatMs = nowMs;
    return nowMs - heardSinceMs > deadAfterMs * 1.2 ? beatAtMs : undefined;
  };
  const loop = async () => {
    try {
      const beatAtMs = await beat();
      if (beatAtMs !== undefined) await releaseSilent(deps, beatAtMs);
    } catch (error) {
      heardSinceMs = undefined;
      deps.logger.warn(
        { err: error },
        "heartbeat failed; no other worker is judged until Redis answers again",
      );
    }
    if (!stopped) timer = setTimeout(start, intervalMs);
  };
  const start = () => {
    round = loop();
  };
  start();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
      await leaveScript.run(redis, [keys.workers, keys.worker(workerId)], [workerId]).catch(() => undefined);
    },
  };
}

async function releaseSilent(deps: Deps, beatAtMs: number): Promise<void> {
  const { redis, keys, deadAfterMs } = deps;
  const asked = [deps.workerId, deadAfterMs, beatAtMs];
  const silent = (await silentScript.run(redis, [keys.workers], asked)) as string[];
  for (const workerId of silent) {
    const record = await redis.get(keys.worker(workerId));
    const bullmqIds = record === null ? [] : (JSON.parse(record) as string[]);
    const args = [workerId, deadAfterMs, beatAtMs, ...bullmqIds];
    const released = await releaseScript.run(redis, [keys.workers, ...deps.activeLists], args);
    if (released !== -1) deps.logger.warn({ workerId, released }, "a worker died; its work is handed on");
  }
}
