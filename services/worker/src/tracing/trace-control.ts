import type { ControlLane } from "@gateway/conversation";
import type { Tracer } from "@gateway/service-kit";

/** The control lane, with a span for each command or pressed button, below the acceptance of its message. */
export function traceControl(tracer: Tracer | undefined, lane: ControlLane): ControlLane {
  if (tracer === undefined) return lane;
  let startedAtMs = Date.now();
  return {
    ...lane,
    async head(conversation, fence) {
      startedAtMs = Date.now();
      return lane.head(conversation, fence);
    },
    async commit(conversation, fence, entry, plans) {
      const { message } = entry;
      if (message?.traceparent === undefined) return lane.commit(conversation, fence, entry, plans);
      const attributes = { "gateway.message.id": message.id, "gateway.app": message.appName };
      const span = tracer.start("command", {
        kind: "consumer",
        parent: message.traceparent,
        startedAtMs,
        attributes,
      });
      const carrying = plans.map((plan) => ({ ...plan, traceparent: span.traceparent }));
      try {
        return await lane.commit(conversation, fence, entry, carrying);
      } finally {
        span.end();
      }
    },
  };
}
