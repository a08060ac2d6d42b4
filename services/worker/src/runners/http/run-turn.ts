import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import type { HttpConfig } from "@gateway/service-kit";
import type { Logger } from "pino";
import { z } from "zod";
import type { AbortReason, Turn, TurnIO, TurnResult } from "../runner.ts";
import { AgentFault } from "./agent-fault.ts";
import type { CallbackWaiter } from "./callback-waiter.ts";
import { cancelRun } from "./cancel-run.ts";
import { readAnswer } from "./read-answer.ts";
import { readBody } from "./read-body.ts";
import type { RunState } from "./run-state.ts";
import { readState } from "./run-state.ts";
import { sendTurn } from "./send-turn.ts";
import { turnBody } from "./turn-body.ts";
import { readEnd, waitForEnd } from "./wait-for-end.ts";

export interface RunContext {
  readonly turn: Turn;
  readonly io: TurnIO;
  readonly config: HttpConfig;
  readonly callbacks: CallbackWaiter;
  readonly instructions: string;
  readonly logger: Pick<Logger, "warn">;
  readonly now: () => number;
  /** Work that goes on when the run is over; a shutdown waits for it. */
  readonly keep: (work: Promise<void>) => void;
}

/** A message that was sent twice and came to no end either time is the agent's trouble, or ours. */
const SENDS_LIMIT = 2;
const ACCEPTED_LIMIT_BYTES = 64 * 1024;
/** How long a request that was stopped may still say how to cancel what it began. */
const LATE_202_MS = 5000;

const acceptedSchema = z.object({ cancelUrl: z.string().max(2048).optional() });

/** One turn. Never rejects for the agent's fault. */
export async function runTurn(run: RunContext): Promise<TurnResult> {
  const { turn, io, config, callbacks, now } = run;
  const known = readState(turn.checkpoint);
  const state: RunState = known ?? {
    token: callbacks.newToken(),
    deadlineMs: now() + config.timeoutMs,
    accepted: false,
  };
  const timeout = AbortSignal.timeout(Math.max(state.deadlineMs - now(), 0));
  const signal = AbortSignal.any([io.signal, timeout]);
  const found: { state: RunState } = { state };
  try {
    return await converse(run, found, known !== undefined, signal);
  } catch (error) {
    const isOver = io.signal.aborted ? isWish(io.signal) : timeout.aborted;
    if (isOver && config.callbackUrl !== undefined) await cancelRun(config, turn.id, found.state, callbacks);
    if (io.signal.aborted) return { status: "cancelled" };
    if (timeout.aborted) {
      const detail = `The agent did not answer within ${config.timeoutMs / 1000} s.`;
      return new AgentFault("timeout", detail).result;
    }
    if (error instanceof AgentFault) return error.result;
    throw error;
  }
}

/** Somebody wants the run itself to end, and not only this worker's part in it. */
function isWish({ reason }: AbortSignal): boolean {
  return !(["shutdown", "lost"] satisfies AbortReason[] as unknown[]).includes(reason);
}

async function converse(
  run: RunContext,
  found: { state: RunState },
  isKnown: boolean,
  signal: AbortSignal,
): Promise<TurnResult> {
  const { turn, io, config, callbacks } = run;
  if (config.callbackUrl === undefined)
    return answerOf(await send(run, undefined, { request: signal, stop: signal }), run);
  if (isKnown) {
    const early = await readEnd(run, found.state);
    if (early !== undefined) return early;
  }
  if (!found.state.accepted) {
    signal.throwIfAborted();
    if (turn.attempt > SENDS_LIMIT)
      throw new AgentFault("interrupted", "The agent was sent the turn twice and cut off both times.");
    await callbacks.open(found.state.token, turn.conversation.id, found.state.deadlineMs);
    await io.checkpoint({ run: found.state });
    const response = await sendOrTakeBack(run, found.state, signal);
    if (response.statusCode === 200) return await readAnswer(addAbortSignal(signal, response), io);
    const { cancelUrl } = await readAccepted(addAbortSignal(signal, response), config.url);
    found.state = { ...found.state, accepted: true, ...(cancelUrl === undefined ? {} : { cancelUrl }) };
    signal.throwIfAborted();
    await io.checkpoint({ run: found.state });
  }
  return waitForEnd(run, found.state, signal);
}

function send(
  run: RunContext,
  callbackUrl: string | undefined,
  signals: { readonly request: AbortSignal; readonly stop: AbortSignal },
) {
  const { turn, config, instructions } = run;
  const makeBody = () =>
    turnBody(turn, { instructions, ...(callbackUrl === undefined ? {} : { callbackUrl }) });
  const headers = { "idempotency-key": turn.id };
  return sendTurn(config, { method: "POST", makeBody, headers, signal: signals.request }, signals.stop);
}

/**
 * A stop that meets the request does not break it off at once: the agent may just be saying how to cancel what it has
 * begun, and is then told to. The run itself does not wait for that.
 */
async function sendOrTakeBack(
  run: RunContext,
  state: RunState,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { config, turn, callbacks } = run;
  signal.throwIfAborted();
  const late = new AbortController();
  const callbackUrl = `${config.callbackUrl}/agent/callback/${state.token}`;
  const sent = send(run, callbackUrl, { request: late.signal, stop: signal });
  const stopped = once(signal, "abort", { signal: late.signal });
  stopped.catch(() => undefined);
  const first = await Promise.race([sent, stopped]);
  if (!Array.isArray(first)) return first;
  const isHandedOver = run.io.signal.aborted && !isWish(run.io.signal);
  const timer = setTimeout(() => late.abort(), isHandedOver ? 0 : LATE_202_MS);
  const takenBack = sent
    .then(async (response) => {
      if (response.statusCode !== 202 || isHandedOver) return void response.destroy();
      await cancelRun(
        config,
        turn.id,
        { ...state, ...(await readAccepted(response, config.url)) },
        callbacks,
      );
    })
    .catch(() => undefined)
    .finally(() => clearTimeout(timer));
  run.keep(takenBack);
  throw signal.reason;
}

async function answerOf(response: IncomingMessage, { io }: RunContext): Promise<TurnResult> {
  if (response.statusCode === 200) return readAnswer(response, io);
  response.destroy();
  throw new AgentFault(
    "config",
    "The agent answered 202, to answer later, but has no address for it: set callback_url and api_key.",
  );
}

/** Only an address of the agent's own gets our key. */
async function readAccepted(response: IncomingMessage, url: string): Promise<{ cancelUrl?: string }> {
  const text = await readBody(response, ACCEPTED_LIMIT_BYTES);
  const parsed = acceptedSchema.safeParse(text.trim() === "" ? {} : parseJson(text));
  const cancelUrl = parsed.success ? parsed.data.cancelUrl : undefined;
  if (cancelUrl === undefined || !URL.canParse(cancelUrl, url)) return {};
  const absolute = new URL(cancelUrl, url);
  return absolute.origin === new URL(url).origin ? { cancelUrl: absolute.href } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
