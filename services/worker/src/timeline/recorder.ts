import type { Timelines } from "@gateway/conversation";
import type { Logger } from "pino";

/** Writes down what happens to messages. It never fails and never holds anything up: a timeline is no promise. */
export type RecordEvent = (
  messageIds: readonly string[],
  event: Parameters<Timelines["append"]>[1],
  atMs?: number,
) => void;

export function createRecorder(deps: {
  timelines: Pick<Timelines, "append">;
  worker: string;
  logger: Pick<Logger, "warn">;
  /** Told of every event once, however many messages it is about: the place for counters. Must not throw. */
  onEvent?: ((event: Parameters<RecordEvent>[1]) => void) | undefined;
}): RecordEvent {
  const { timelines, worker, logger, onEvent } = deps;
  return (messageIds, event, atMs) => {
    onEvent?.(event);
    timelines
      .append(messageIds, event, { worker, ...(atMs === undefined ? {} : { atMs }) })
      .catch((error: unknown) =>
        logger.warn({ err: error, messageIds, event: event.type }, "the timeline has a gap"),
      );
  };
}
