import type { TurnResult } from "../runner.ts";
import { createAlarm } from "./alarm.ts";
import type { Judgement } from "./capabilities.ts";
import type { Trouble } from "./http.ts";
import { createPatience } from "./patience.ts";
import type { RunContext } from "./run-context.ts";
import { failure } from "./run-context.ts";
import { bodyOf } from "./run-request.ts";
import type { HermesRun } from "./run-state.ts";
import { idempotencyKey, sessionKeyOf } from "./run-state.ts";

export type Found =
  | { readonly run: HermesRun & { readonly runId: string } }
  /** `mayRun`: whether Hermes may have taken the request all the same. */
  | { readonly aborted: true; readonly run: HermesRun; readonly mayRun: boolean }
  | { readonly result: TurnResult };

const BUSY_PAUSE_MS = 5000;
const SHORTEST_PAUSE_MS = 500;
/** Before Hermes forgets a key, it is not relied on any more. */
const RETENTION_MARGIN_MS = 10 * 60_000;
const CUT_OFF = "The run's outcome is not known any more";

/**
 * Finds the turn's run at Hermes, or begins it. The request is stored before it is sent, so that whoever comes after us
 * sends the same one under the same key, and gets the same run. A Hermes that has no place free is waited for.
 */
export async function findRun(run: HermesRun, context: RunContext): Promise<Found> {
  if (run.runId !== undefined) return { run: { ...run, runId: run.runId } };
  const { io } = context;
  const alarm = createAlarm();
  io.signal.addEventListener("abort", alarm.ring);
  try {
    return await search(run, context, createWait(context, alarm.wait));
  } finally {
    io.signal.removeEventListener("abort", alarm.ring);
  }
}

async function search(stored: HermesRun, context: RunContext, wait: Wait): Promise<Found> {
  const { io, api, turn, now } = context;
  let run = stored;
  let mayRun = run.sentAtMs !== undefined;
  while (!io.signal.aborted) {
    const capable = await context.capabilities(io.signal);
    const hindrance = capable.ok ? expired(run, capable, now()) : await wait.forCapable(capable);
    if (hindrance !== undefined) return { result: hindrance };
    if (!capable.ok) continue;
    const body = await bodyOf(run, turn.attachments);
    if (body === undefined) return { result: failure("interrupted", `${CUT_OFF}: a picture is gone.`) };
    if (run.sentAtMs === undefined) {
      run = { ...run, sentAtMs: now() };
      if (!(await isStored(run, context)))
        return { result: failure("internal", "The run could not be stored before it was begun.", true) };
      if (io.signal.aborted) break;
    }
    const request = { key: idempotencyKey(turn, run.generation), body, sessionKey: sessionKeyOf(turn) };
    const reply = await api.start(request, io.signal);
    if (reply.ok) return { run: await accepted(run, reply.value, context, wait) };
    mayRun ||= reply.why === "passing";
    if (reply.why === "too_large" && run.images.length > 0) {
      const { sentAtMs: _, ...unsent } = run;
      run = { ...unsent, generation: run.generation + 1, images: [] };
      continue;
    }
    const result = io.signal.aborted ? undefined : await wait.forAcceptance(reply);
    if (result !== undefined) return { result };
  }
  return { aborted: true, run, mayRun };
}

async function isStored(run: HermesRun, { io, turn, logger }: RunContext): Promise<boolean> {
  try {
    await io.checkpoint({ run });
    return true;
  } catch (error) {
    logger.warn({ turnId: turn.id, err: error }, "what is known of the run was not stored");
    return io.signal.aborted;
  }
}

async function accepted(
  run: HermesRun,
  { run_id: runId, replayed }: { readonly run_id: string; readonly replayed: boolean },
  context: RunContext,
  wait: Wait,
) {
  const { turn, logger, now } = context;
  wait.over();
  const known = { ...run, runId, acceptedAtMs: replayed ? (run.sentAtMs ?? now()) : now() };
  // Without it the next attempt finds the run by its key.
  await isStored(known, context);
  logger.info({ turnId: turn.id, runId, replayed }, "run at Hermes");
  return known;
}

/** What was sent long ago would be begun anew: Hermes may have forgotten the key. */
function expired(
  { sentAtMs }: HermesRun,
  capable: Extract<Judgement, { ok: true }>,
  nowMs: number,
): TurnResult | undefined {
  const keptMs = (capable.features.runs_idempotency?.retention_seconds ?? 0) * 1000 - RETENTION_MARGIN_MS;
  if (sentAtMs === undefined || nowMs - sentAtMs < keptMs) return undefined;
  return failure("interrupted", `${CUT_OFF}: it was begun too long ago.`);
}

type Wait = ReturnType<typeof createWait>;

/** Waits before the next try, and tells the person; the result when there is nothing to wait for. */
function createWait({ io, timing, now }: RunContext, pause: (ms: number) => Promise<void>) {
  const patience = createPatience(timing.unreachableMs, now);
  let isTold = false;
  const forAnswer = async (problem: string): Promise<TurnResult | undefined> => {
    const pauseMs = patience.failed();
    // Under the same key: whatever became of the request, it is not run twice.
    if (pauseMs === undefined) return failure("provider", problem, true);
    if (!isTold) io.emit({ type: "unreachable" });
    isTold = true;
    await pause(pauseMs);
    return undefined;
  };
  const forPlace = async (askedMs: number): Promise<undefined> => {
    patience.succeeded();
    // Not all who wait come back in the same moment.
    const againInMs = Math.round(Math.max(askedMs, SHORTEST_PAUSE_MS) * (1 + Math.random() / 4));
    io.emit({ type: "busy", againInMs });
    isTold = true;
    await pause(againInMs);
  };
  return {
    over() {
      if (isTold) io.emit({ type: "working" });
    },
    async forCapable(judgement: Extract<Judgement, { ok: false }>): Promise<TurnResult | undefined> {
      const { why, problem } = judgement;
      return why === "passing" ? forAnswer(problem) : failure(why, problem);
    },
    async forAcceptance(trouble: Trouble): Promise<TurnResult | undefined> {
      const { why, detail, code } = trouble;
      if (why === "passing") return forAnswer(`Hermes cannot be reached (${detail}).`);
      if (why === "busy") return forPlace(trouble.retryAfterMs ?? BUSY_PAUSE_MS);
      if (why === "auth") return failure("auth", `Hermes refuses the key (${detail}): check AGENT_API_KEY.`);
      if (code === "idempotency_key_conflict")
        return failure("interrupted", `${CUT_OFF}: Hermes knows its key with another request.`);
      return failure("protocol", `Hermes does not take the request (${detail}).`);
    },
  };
}
