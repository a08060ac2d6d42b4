import type { DeadJob, Keys } from "@gateway/conversation";
import { DEAD_LETTER_RETENTION_MS } from "@gateway/conversation";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { RecordEvent } from "./timeline/recorder.ts";

/** Sets aside what could not be handled, where an operator sees it. */
export function createUndertaker(deps: { dead: Queue; redis: Redis; keys: Keys; record: RecordEvent }) {
  return {
    /** Burying the same thing twice makes one letter. */
    async bury(job: DeadJob, stored: readonly string[] = []): Promise<void> {
      const id = `dead-${job.replyId ?? job.messageIds[0] ?? job.conversation.replaceAll(":", "-")}`;
      // The message itself stays out of the job, which operators read, and is kept for a replay.
      if (stored.length > 0)
        await deps.redis.set(
          deps.keys.deadLetter(id),
          JSON.stringify(stored),
          "PX",
          DEAD_LETTER_RETENTION_MS,
        );
      await deps.dead.add(job.what, job, { jobId: id });
      deps.record(job.messageIds, { type: "dead", what: job.what, deadId: id, code: job.code });
    },
    /** Takes back the letter of a turn that is run again after all. Without one, nothing happens. */
    async unbury(firstMessageId: string): Promise<void> {
      const id = `dead-${firstMessageId}`;
      await deps.dead.remove(id);
      await deps.redis.del(deps.keys.deadLetter(id));
    },
  };
}
