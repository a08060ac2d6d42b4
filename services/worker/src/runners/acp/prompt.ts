import { setTimeout as delay } from "node:timers/promises";
import type { ContentBlock, PromptRequest, PromptResponse } from "@agentclientprotocol/sdk";
import { methods } from "@agentclientprotocol/sdk";
import type { AbortReason, TurnIO, TurnResult } from "../runner.ts";
import type { Agent, SessionUpdate } from "./agent.ts";
import { createAnswer } from "./answer.ts";
import type { AgentFailure } from "./failures.ts";
import { failure, readError, readSessionFailure } from "./failures.ts";
import { createPermissions } from "./permissions.ts";
import { createTools } from "./tools.ts";
import type { RunLimits } from "./watch-run.ts";
import { watchRun } from "./watch-run.ts";

const REPLY_LIMIT_BYTES = 256 * 1024;
/** An answer may end behind its end: updates that come after the response belong to it. */
const QUIET_MS = 150;
const DRAIN_LIMIT_MS = 2000;
/** How long the person waits for an agent that is told to stop. */
const STOP_SOON_MS = 800;
/** How long it may take after that, before it is ended. */
const STOP_LATE_MS = 6000;
/** What is no secret, and fits a log. */
const STOP_REASON = /^[a-z]{1,20}(?:_[a-z]{1,20}){0,4}$/;
const ALIVE_EVERY_MS = 500;

export interface PromptRun {
  readonly agent: Agent;
  readonly sessionId: string;
  readonly prompt: ContentBlock[];
  readonly io: TurnIO;
  readonly limits: RunLimits;
  /** Pieces of the answer that are none. */
  readonly asides: RegExp | undefined;
  /** The first time that it does what must not be done twice. */
  readonly onActed: () => void;
}

export interface PromptEnd {
  readonly result: TurnResult;
  /** Whether the agent is fit for the next prompt; until then it must get none. */
  readonly isFit: Promise<boolean>;
}

type Stop = "aborted" | "idle" | "timeout" | "output";

/** One prompt, from its sending to the last word of its answer. Never rejects. */
export async function runPrompt(run: PromptRun): Promise<PromptEnd> {
  const { agent, sessionId, io, limits } = run;
  let stopped: Stop | undefined;
  let onStop: () => void = () => undefined;
  const stopping = new Promise<undefined>((resolve) => {
    onStop = () => resolve(undefined);
  });
  const stop = (why: Stop) => {
    stopped ??= why;
    onStop();
  };
  let acted = false;
  const tools = createTools(() => {
    if (!acted) run.onActed();
    acted = true;
  });
  const watch = watchRun({ limits, isToolBusy: tools.isBusy, onExpire: stop });
  const answer = createAnswer(REPLY_LIMIT_BYTES, () => stop("output"));
  const permissions = createPermissions({ approve: io.approve, tools, pause: watch.pause });
  const tell = teller(io.emit);
  const leave = agent.listen(sessionId, {
    update(update) {
      watch.alive();
      take(update, { answer, tools, tell, asides: run.asides });
    },
    permission: permissions.ask,
  });
  const onAbort = () => stop("aborted");
  io.signal.addEventListener("abort", onAbort);
  if (io.signal.aborted) onAbort();
  try {
    const params: PromptRequest = { sessionId, prompt: run.prompt };
    const response = agent.connection
      .request(methods.agent.session.prompt, params)
      .then((value) => ({ value }))
      .catch((error: unknown) => ({ error }));
    const outcome = await Promise.race([response, stopping]);
    if (outcome === undefined) {
      permissions.cancelAll();
      const soon = delay(STOP_SOON_MS);
      const told = agent.connection.notify(methods.agent.session.cancel, { sessionId });
      // An agent that reads nothing any more is not told.
      await Promise.race([told.catch(() => undefined), soon]);
      const ends = response.then(() => true);
      const isFit = fitAfterStop(ends, io.signal.reason);
      await Promise.race([ends, isFit, soon]);
      return { result: stoppedResult(stopped), isFit };
    }
    if ("error" in outcome)
      return { result: errorResult(agent, outcome.error, acted), isFit: agentIsFit(agent) };
    const drainEnds = performance.now() + DRAIN_LIMIT_MS;
    while (watch.silentMs() < QUIET_MS && performance.now() < drainEnds) await delay(QUIET_MS / 5);
    const result = toResult(outcome.value, answer.final(), permissions.hasDenied(), acted);
    return { result, isFit: agentIsFit(agent) };
  } finally {
    io.signal.removeEventListener("abort", onAbort);
    watch.stop();
    leave();
  }
}

const agentIsFit = async (agent: Agent) => agent.isAlive();

/** False for an agent that does not end a prompt that was cancelled. */
async function fitAfterStop(ends: Promise<boolean>, reason: AbortReason | undefined): Promise<boolean> {
  // Another worker may begin with the session at any time now.
  if (reason === "lost" || reason === "shutdown") return false;
  const late = new AbortController();
  const tooLate = delay(STOP_LATE_MS, false, { ref: false, signal: late.signal }).catch(() => false);
  return Promise.race([ends, tooLate]).finally(() => late.abort());
}

function stoppedResult(why: Stop | undefined): TurnResult {
  switch (why) {
    case "idle":
      return failure("idle", "The agent gave no sign of life and was stopped.");
    case "timeout":
      return failure("timeout", "The agent took longer than AGENT_TIMEOUT_SECONDS and was stopped.");
    case "output":
      return failure("output", `The agent's answer had more than ${REPLY_LIMIT_BYTES} bytes.`);
    default:
      return { status: "cancelled" };
  }
}

function errorResult(agent: Agent, error: unknown, acted: boolean): TurnResult {
  return toFailure(agent.fault() ?? readError(error), acted);
}

function toFailure(fault: AgentFailure, acted: boolean): TurnResult {
  return failure(fault.code, fault.message, fault.retryable && !acted);
}

function toResult(
  response: PromptResponse | null,
  text: string,
  denied: boolean,
  acted: boolean,
): TurnResult {
  if (typeof response?.stopReason !== "string")
    return failure("protocol", "The agent did not say why it ended its turn.");
  // Whatever it said before is no answer.
  const failed = readSessionFailure(response._meta);
  if (failed !== undefined) return toFailure(failed, acted);
  if (response.stopReason === "refusal") return failure("refusal", "The model refuses to answer this.");
  if (text !== "" && response.stopReason !== "cancelled") return { status: "done", text };
  // Some agents end the turn when something is not allowed, some of them without a word.
  if (denied) return text === "" ? { status: "cancelled", denied: true } : { status: "done", text };
  if (response.stopReason === "cancelled") return failure("agent", "The agent cancelled the turn itself.");
  const reason = STOP_REASON.exec(response.stopReason)?.[0] ?? "for a reason of its own";
  return failure("empty", `The agent ended its turn (${reason}) without a word.`);
}

/** Passes on what is fit to be shown, and now and then that it lives at all. */
function teller(emit: TurnIO["emit"]): (title?: string) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let shown: string | undefined;
  return (title) => {
    const now = performance.now();
    if (title !== undefined && title !== shown) {
      shown = title;
      emit({ type: "progress", title });
    } else if (now - toldAtMs < ALIVE_EVERY_MS) return;
    else emit({ type: "alive" });
    toldAtMs = now;
  };
}

function take(
  update: SessionUpdate,
  to: {
    readonly answer: ReturnType<typeof createAnswer>;
    readonly tools: ReturnType<typeof createTools>;
    readonly tell: (title?: string) => void;
    readonly asides: RegExp | undefined;
  },
): void {
  switch (update.sessionUpdate) {
    case "agent_message_chunk": {
      const { content, messageId } = update;
      if (isText(content) && to.asides?.test(content.text) !== true)
        to.answer.text(content.text, typeof messageId === "string" ? messageId : undefined);
      to.tell();
      break;
    }
    case "tool_call":
    case "tool_call_update": {
      const merged = to.tools.merge(update);
      // A late word about an earlier tool must not cut the answer in two.
      if (merged?.isNew) to.answer.cut();
      const isAtWork = merged?.tool.status === "in_progress" || merged?.isNew === true;
      to.tell(isAtWork ? merged?.tool.title : undefined);
      break;
    }
    case "plan":
      to.tell(currentStep(update.entries));
      break;
    default:
      to.tell();
  }
}

function isText(content: unknown): content is { readonly text: string } {
  return (
    typeof content === "object" && content !== null && "text" in content && typeof content.text === "string"
  );
}

function currentStep(entries: unknown): string | undefined {
  if (!Array.isArray(entries)) return undefined;
  const current: unknown = entries.find((entry) => entry?.status === "in_progress")?.content;
  return typeof current === "string" && current !== "" ? current : undefined;
}
