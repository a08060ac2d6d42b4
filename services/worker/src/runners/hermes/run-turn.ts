import { isBlank } from "@gateway/message-text";
import { messageText } from "../../turn/turn-input.ts";
import type { AbandonedTurn, TurnResult } from "../runner.ts";
import { findRun } from "./find-run.ts";
import { followRun } from "./follow-run.ts";
import type { RunStatus } from "./messages.ts";
import type { RunContext } from "./run-context.ts";
import { failure } from "./run-context.ts";
import { bodyOf, prepareContinuation, prepareRequest } from "./run-request.ts";
import type { HermesRun } from "./run-state.ts";
import { idempotencyKey, readRun, sessionIdOf, sessionKeyOf } from "./run-state.ts";
import { stopRun } from "./stop-run.ts";

/** How often a turn goes on after Hermes was restarted under it. */
const CONTINUATIONS_LIMIT = 2;

/** One turn: its run is begun, or found again, and followed to its end. */
export async function runTurn(context: RunContext): Promise<TurnResult> {
  const { turn, io, api } = context;
  const stored = readRun(turn.checkpoint);
  const isNew = stored === undefined || stored.over === true;
  let run = isNew ? await firstRun(context, stored) : stored;
  // What the person added while an earlier attempt ran.
  const additions = turn.messages.slice(run.messages).flatMap((message) => messageText(message) ?? []);
  for (;;) {
    const found = await findRun(run, context);
    if ("result" in found) return found.result;
    if ("aborted" in found) return endAborted(found.run, found.mayRun, additions, context);
    run = found.run;
    const followed = await followRun(found.run, additions, context);
    if (followed.end === "failed") return followed.result;
    if (followed.end === "aborted") return endAborted(run, true, additions, context);
    if (followed.end === "timeout") {
      const last = await stopRun(api, found.run.runId);
      if (last?.status === "completed") return answered(last, additions);
      return failure("timeout", `The run took longer than ${context.timeoutMs / 1000} s and was stopped.`);
    }
    const { status, hasDoneNothing } = followed;
    if (status.status !== "interrupted") {
      const isUntouched = hasDoneNothing && isNew && run.continued === 0;
      return conclude(status, isUntouched, additions, run, context);
    }
    if (run.continued >= CONTINUATIONS_LIMIT)
      return failure("interrupted", "Hermes was restarted under the run again and again.");
    context.logger.warn({ turnId: turn.id, runId: run.runId }, "Hermes was restarted; the run is continued");
    run = { ...nextRun(run), ...prepareContinuation(run, additions), continued: run.continued + 1 };
    io.emit({ type: "alive" });
  }
}

async function firstRun(context: RunContext, earlier: HermesRun | undefined): Promise<HermesRun> {
  const { turn } = context;
  return {
    generation: (earlier?.generation ?? 0) + 1,
    sessionId: sessionIdOf(turn),
    ...(await prepareRequest(turn, context)),
    messages: turn.messages.length,
    continued: 0,
  };
}

function nextRun({ generation, sessionId, messages, continued }: HermesRun) {
  return { generation: generation + 1, sessionId, messages, continued };
}

async function conclude(
  status: RunStatus,
  isUntouched: boolean,
  additions: readonly string[],
  run: HermesRun,
  { io }: RunContext,
): Promise<TurnResult> {
  if (status.status === "completed") return answered(status, additions);
  const where = `Hermes' own log says why (run ${run.runId}).`;
  if (status.status === "cancelled") return failure("agent", `The run was stopped at Hermes; ${where}`);
  const code = failureCode(status.error ?? "");
  const mayPass = code === "rate_limit" || code === "provider";
  const retryable = mayPass && isUntouched && additions.length === 0;
  // The key stands for the run that failed: the next one needs another.
  if (retryable) await io.checkpoint({ run: { ...run, over: true } }).catch(() => undefined);
  return failure(code, `Hermes says that the run failed (${code}); ${where}`, retryable);
}

/** Hermes gives a reason in words only. They are looked at, and not passed on. */
function failureCode(error: string): "auth" | "rate_limit" | "provider" | "agent" {
  if (/authenticat|unauthori[sz]ed|api[ _-]?key|\b40[13]\b|no inference provider/i.test(error)) return "auth";
  if (/rate.?limit|quota|too many requests|\b429\b/i.test(error)) return "rate_limit";
  if (/overloaded|unavailable|timed? ?out|connection|\b5\d\d\b/i.test(error)) return "provider";
  return "agent";
}

function answered(status: RunStatus, additions: readonly string[]): TurnResult {
  if (isBlank(status.output ?? "")) return failure("empty", "Hermes answered nothing.");
  const untaken = countUntaken(status.pending_steer, additions);
  return { status: "done", text: status.output ?? "", ...(untaken === 0 ? {} : { untaken }) };
}

/** Hermes gives back what it did not get to as one text: the last additions, joined. */
function countUntaken(pending: string | undefined, additions: readonly string[]): number {
  let rest = pending?.trim() ?? "";
  if (rest === "") return 0;
  let count = 0;
  for (const addition of [...additions].reverse()) {
    const text = addition.trim();
    if (!rest.endsWith(text)) break;
    rest = rest.slice(0, rest.length - text.length).trimEnd();
    count += 1;
    if (rest === "") break;
  }
  return Math.max(count, Math.min(additions.length, 1));
}

/** A run that is handed over goes on; one that is not wanted any more is stopped, unless it has answered by now. */
async function endAborted(
  run: HermesRun,
  mayRun: boolean,
  additions: readonly string[],
  { io, api, turn }: RunContext,
): Promise<TurnResult> {
  const { reason } = io.signal;
  if (reason === "shutdown" || reason === "lost" || !mayRun) return { status: "cancelled" };
  const last = await stopAnywhere(run, turn, api);
  return last?.status === "completed" ? answered(last, additions) : { status: "cancelled" };
}

/** Stops a run of which perhaps only the key is known: sending the request again tells which run it is. */
export async function stopAnywhere(
  run: HermesRun,
  turn: AbandonedTurn & Partial<Pick<RunContext["turn"], "attachments">>,
  api: RunContext["api"],
): Promise<RunStatus | undefined> {
  if (run.runId !== undefined) return stopRun(api, run.runId);
  const body = await bodyOf(run, turn.attachments ?? []);
  if (body === undefined || run.sentAtMs === undefined) return undefined;
  const request = { key: idempotencyKey(turn, run.generation), body, sessionKey: sessionKeyOf(turn) };
  const reply = await api.start(request, AbortSignal.timeout(10_000));
  return reply.ok ? stopRun(api, reply.value.run_id) : undefined;
}
