import { setTimeout as delay } from "node:timers/promises";
import type { TurnResult } from "../runner.ts";
import { createAlarm } from "./alarm.ts";
import { answerApprovals } from "./answer-approvals.ts";
import type { Trouble } from "./http.ts";
import type { RunStatus } from "./messages.ts";
import { hasEnded } from "./messages.ts";
import { createPatience } from "./patience.ts";
import type { RunContext } from "./run-context.ts";
import { failure } from "./run-context.ts";
import type { HermesRun } from "./run-state.ts";
import { watchEvents } from "./watch-events.ts";

export type Followed =
  | { readonly end: "status"; readonly status: RunStatus; readonly hasDoneNothing: boolean }
  | { readonly end: "aborted" }
  | { readonly end: "timeout" }
  | { readonly end: "failed"; readonly result: TurnResult };

const FIRST_POLL_MS = 250;
/** However much news there is. */
const SHORTEST_POLL_MS = 100;

/**
 * Follows a run to its end. The status is the truth and is asked for again and again; the events only say that it
 * is worth asking. `additions` gets what the person adds and the run takes in.
 */
export async function followRun(
  run: HermesRun & { readonly runId: string },
  additions: string[],
  context: RunContext,
): Promise<Followed> {
  const { io, api, now } = context;
  const { runId } = run;
  const alarm = createAlarm();
  const stream = new AbortController();
  io.signal.addEventListener("abort", alarm.ring);
  try {
    const events = watchEvents(api.events(runId, stream.signal), { io, onNews: alarm.ring, now });
    const approvals = await offerControl(runId, additions, context, alarm.ring);
    const poll = createPoll(run, context, approvals);
    let pollMs = FIRST_POLL_MS;
    for (;;) {
      if (io.signal.aborted) return { end: "aborted" };
      const polled = await poll();
      if (io.signal.aborted) continue;
      if (polled.end === "status") return { ...polled, hasDoneNothing: events.hasDoneNothing() };
      if (polled.end !== "none") return polled;
      await delay(SHORTEST_POLL_MS);
      await alarm.wait(polled.pauseMs ?? (events.isOpen() ? context.timing.pollWithEventsMs : pollMs));
      pollMs = Math.min(pollMs * 2, context.timing.pollMs);
    }
  } finally {
    stream.abort();
    io.signal.removeEventListener("abort", alarm.ring);
  }
}

/** What the person can do to the run, where this Hermes can. */
async function offerControl(runId: string, additions: string[], context: RunContext, onAnswered: () => void) {
  const { io, api } = context;
  const capable = await context.capabilities(io.signal);
  if (!capable.ok) return undefined;
  if (capable.features.run_steer)
    io.onSteer(async (text) => {
      const reply = await api.steer(runId, text);
      if (reply.ok) additions.push(text);
      return reply.ok;
    });
  return capable.features.run_approval_response ? answerApprovals(runId, context, onAnswered) : undefined;
}

type Polled =
  | { readonly end: "none"; readonly pauseMs?: number }
  | { readonly end: "status"; readonly status: RunStatus }
  | Extract<Followed, { end: "failed" | "timeout" }>;

function createPoll(
  run: HermesRun & { readonly runId: string },
  { io, api, now, timing, timeoutMs }: RunContext,
  approvals: Awaited<ReturnType<typeof offerControl>>,
): () => Promise<Polled> {
  const patience = createPatience(timing.unreachableMs, now);
  const startedAtMs = run.acceptedAtMs ?? now();
  let seen: string | undefined;
  let isUnreachable = false;
  return async () => {
    const reply = await api.status(run.runId, io.signal);
    if (!reply.ok) {
      const result = judge(reply);
      if (result !== undefined) return { end: "failed", result };
      const pauseMs = patience.failed();
      if (pauseMs === undefined)
        return {
          end: "failed",
          result: failure("provider", `Hermes cannot be reached (${reply.detail}).`, true),
        };
      if (!isUnreachable && !io.signal.aborted) io.emit({ type: "unreachable" });
      isUnreachable = true;
      return { end: "none", pauseMs: reply.retryAfterMs ?? pauseMs };
    }
    patience.succeeded();
    if (isUnreachable) io.emit({ type: "working" });
    isUnreachable = false;
    const status = reply.value;
    if (hasEnded(status)) return { end: "status", status };
    const signs = [status.status, status.updated_at, status.last_event].join(" ");
    if (signs !== seen) io.emit({ type: "alive" });
    seen = signs;
    if (status.status === "waiting_for_approval") approvals?.look(status.approval);
    const tookMs = now() - startedAtMs - (approvals?.waitedMs() ?? 0);
    return tookMs > timeoutMs ? { end: "timeout" } : { end: "none" };
  };
}

/** What can be said for good when the status is not to be had. */
function judge({ why, detail, code }: Trouble): TurnResult | undefined {
  if (why === "passing" || why === "busy") return undefined;
  if (why === "auth") return failure("auth", `Hermes refuses the key (${detail}): check AGENT_API_KEY.`);
  if (why === "too_large") return failure("output", "The answer is longer than what is taken of Hermes.");
  return code === "run_not_found"
    ? failure(
        "interrupted",
        "Hermes does not know the run any more: forgotten, or of another key or profile.",
      )
    : failure("protocol", `Hermes does not tell the run's status (${detail}).`);
}
