import type { Timeline } from "./timeline.ts";
import type { StoredTimelineEvent } from "./timeline-event.ts";

/**
 * waiting: for its turn. joined: taken in by a turn that ran already. answered: there is a reply to send.
 * done: ended without a reply. replayed and dropped: what an operator made of a dead letter.
 */
export type TimelineState =
  | "waiting"
  | "running"
  | "joined"
  | "answered"
  | "delivered"
  | "done"
  | "dead"
  | "replayed"
  | "dropped";

/** A timeline at a glance. */
export interface TimelineDigest {
  readonly state: TimelineState;
  readonly conversation: string | undefined;
  /** The app's name. */
  readonly app: string | undefined;
  readonly kind: string | undefined;
  readonly startedAtMs: number | undefined;
  /** When it reached a state that is final. */
  readonly endedAtMs: number | undefined;
  /** Latest error code of a run or a send, while nothing has gone well after it. */
  readonly code: string | undefined;
}

const FINAL: readonly TimelineState[] = ["joined", "delivered", "done", "dead", "replayed", "dropped"];

export function digestTimeline({ events }: Pick<Timeline, "events">): TimelineDigest {
  const place = events.find((event) => "conversation" in event);
  const arrival = events.find((event) => "app" in event);
  let state: TimelineState = "waiting";
  let changedAtMs: number | undefined;
  let code: string | undefined;
  const replays = new Set<string>();
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === "replayed") for (const id of event.as) replays.add(id);
    if (event.type === "planned" && event.kind !== "notice") open.add(event.replyId);
    if (event.type === "finished") open.delete(event.replyId);
    const after = stateAfter(event, state, replays);
    // Sent to several departments or tags, it is there when all of them have it.
    const next = after === "delivered" && open.size > 0 ? "answered" : after;
    if (next !== state) changedAtMs = event.atMs;
    state = next;
    if (event.type === "dead" || state !== "dead") code = codeAfter(event, code);
  }
  return {
    state,
    conversation: place?.conversation,
    app: arrival?.app,
    kind: arrival !== undefined && "kind" in arrival ? arrival.kind : undefined,
    startedAtMs: events[0]?.atMs,
    endedAtMs: FINAL.includes(state) ? changedAtMs : undefined,
    code: state === "delivered" || state === "done" ? undefined : code,
  };
}

function stateAfter(
  event: StoredTimelineEvent,
  state: TimelineState,
  replays: ReadonlySet<string>,
): TimelineState {
  if (event.type === "dead" || event.type === "replayed" || event.type === "dropped") return event.type;
  if (event.type === "cleared") return "dropped";
  if (event.type === "finished" && event.status === "sent" && replays.has(event.replyId)) return "delivered";
  // The worker that set it aside was lost before that was final, and the next one has it.
  if (event.type === "claimed" && state === "dead") return "running";
  // A message that died stays dead, though the person is told of it by a reply.
  if (state === "dead" || state === "replayed" || state === "dropped") return state;
  switch (event.type) {
    case "claimed":
    case "run_started":
      return "running";
    case "released":
      return "waiting";
    case "joined":
      return "joined";
    case "no_reply":
      return "done";
    case "planned":
      return event.kind === "notice" ? state : "answered";
    case "finished":
      if (event.kind === "notice") return state;
      return event.status === "sent" ? "delivered" : "done";
    default:
      return state;
  }
}

function codeAfter(event: StoredTimelineEvent, code: string | undefined): string | undefined {
  switch (event.type) {
    case "run_ended":
    case "dead":
      return event.code ?? code;
    case "send":
      if (event.kind === "notice") return code;
      return event.outcome === "sent" ? undefined : event.code;
    default:
      return code;
  }
}
