import type { Queue } from "bullmq";
import type { Logger } from "pino";

const ID = "reconcile";

export interface RepairSchedule {
  stop(): Promise<void>;
}

/**
 * Has lost wake-ups repaired every so often. Looked after for as long as the worker runs: a Redis that came back empty,
 * or older than it was, has forgotten the schedule, and nobody else would miss it.
 */
export async function startRepairSchedule(deps: {
  readonly queue: Queue;
  readonly everyMs: number;
  readonly logger: Logger;
}): Promise<RepairSchedule> {
  const { queue, everyMs, logger } = deps;
  const schedule = () => queue.upsertJobScheduler(ID, { every: everyMs });
  await schedule();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  const look = async () => {
    try {
      if ((await queue.getJobScheduler(ID)) === undefined) {
        await schedule();
        logger.warn("Redis had forgotten the repair of lost wake-ups; it is scheduled again");
      }
    } catch (error) {
      logger.warn({ err: error }, "the schedule of repairs could not be looked at");
    }
    wait();
  };
  const wait = () => {
    if (!isStopped)
      timer = setTimeout(() => {
        round = look();
      }, everyMs);
  };
  wait();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
