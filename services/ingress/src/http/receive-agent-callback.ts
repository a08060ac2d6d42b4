import type { IncomingMessage } from "node:http";
import type { AgentCallbacks, CallbackResult } from "@gateway/conversation";
import {
  agentWordSchema,
  isSignedAgentBody,
  parseConversationId,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "@gateway/conversation";
import type { CallingAgent } from "../agent-keys.ts";
import type { Clock } from "../clock.ts";
import type { ObserveOutcome } from "../observation.ts";
import type { AgentCallbackOutcome, CallbackFacts, Rejection } from "../outcome.ts";
import { rejected } from "../outcome.ts";
import { withinDeadline } from "../within-deadline.ts";
import { readBody } from "./read-body.ts";
import type { RequestHandler } from "./receive-callback.ts";
import { respondJson } from "./respond.ts";

export const AGENT_CALLBACK_PATH = "/agent/callback/";

/** How long Redis is asked, for each of two questions. */
const REDIS_LIMIT_MS = 4000;
const REDIS_RETRY_MS = 200;
const BODY_LIMIT_BYTES = 1024 * 1024;

export interface AgentCallbackDeps {
  readonly callbacks: Pick<AgentCallbacks, "conversationOf" | "deliver">;
  /** Who answers in the conversation; undefined where no agent's key is known. */
  readonly agentOf: (conversation: string) => CallingAgent | undefined;
  /** Whether any agent may call at the moment. */
  readonly isOpen: () => boolean;
}

interface Deps extends AgentCallbackDeps {
  readonly clock: Clock;
  /** The time that signatures are judged by. */
  readonly now: () => number;
}

interface Turn {
  readonly token: string;
  readonly agent: CallingAgent;
  readonly facts: CallbackFacts;
}

const gone = (facts: CallbackFacts = {}) =>
  rejected(410, "turn_gone", "Nobody waits for this turn any more.", facts);

/** POST by an agent that answers later. Its 200 means that Redis has what it said. */
export function createReceiveAgentCallback(
  deps: Deps & { readonly observe: ObserveOutcome },
): RequestHandler {
  const { clock, observe } = deps;
  return async (request, response) => {
    const arrivedAtMs = clock.monotonic();
    const outcome = await decide(request, deps);
    if (outcome === undefined) return;
    observe({ request: "agent_callback", outcome, durationMs: clock.monotonic() - arrivedAtMs });
    if (outcome.kind === "stored") respondJson(response, 200, { status: "stored" });
    else if (outcome.kind === "rejected") respondJson(response, outcome.status, { error: outcome.text });
    else respondJson(response, 503, { error: "It could not be stored. Send it again." });
  };
}

/** Nothing of a body is read before its address is known to be a turn's: Node throws the rest away. */
async function decide(request: IncomingMessage, deps: Deps): Promise<AgentCallbackOutcome | undefined> {
  const turn = await findTurn(request, deps);
  if ("kind" in turn) return turn;
  const { facts, token } = turn;
  const read = await readBody(request, BODY_LIMIT_BYTES);
  if (read.status === "aborted") return undefined;
  if (read.status === "refused") return { ...read.rejection, ...facts };
  const word = readWord(request, read.body, turn, deps.now());
  if (typeof word !== "string") return word;
  const { callbacks, clock } = deps;
  const stored = await askRedis(() => callbacks.deliver(token, word, read.body), clock);
  return stored.status === "failed"
    ? { kind: "not_stored", code: stored.code, ...facts }
    : resultOf(stored.value, facts);
}

/** The token in the address names the turn; only who was given it gets further. */
async function findTurn(request: IncomingMessage, deps: Deps): Promise<Turn | AgentCallbackOutcome> {
  const { callbacks, agentOf, clock } = deps;
  // Not 404: a worker may have read a new configuration a moment before us, and the agent is to come again.
  if (!deps.isOpen()) return rejected(503, "no_agent", "Ingress knows no agent that answers later.");
  const token = (request.url ?? "").split("?", 1)[0]?.slice(AGENT_CALLBACK_PATH.length) ?? "";
  const asked = await askRedis(() => callbacks.conversationOf(token), clock);
  if (asked.status === "failed") return { kind: "not_stored", code: asked.code };
  if (asked.value === undefined) return gone();
  const agent = agentOf(asked.value);
  const { userId } = parseConversationId(asked.value);
  if (agent === undefined)
    return rejected(503, "agent_key_unknown", "Ingress does not know this agent's api_key.", { userId });
  return { token, agent, facts: { app: agent.app, userId } };
}

/** What a body is about, once it is known to be the agent's. */
function readWord(
  request: IncomingMessage,
  body: Buffer,
  { token, agent, facts }: Turn,
  nowMs: number,
): "progress" | "end" | Rejection {
  const header = (name: string) => String(request.headers[name] ?? "");
  const signed = { timestamp: header(TIMESTAMP_HEADER), signature: header(SIGNATURE_HEADER), token, body };
  if (!isSignedAgentBody(agent.key, signed, nowMs)) {
    const text = "The signature or its timestamp is wrong; see docs/agents.md.";
    return rejected(401, "agent_signature_invalid", text, facts);
  }
  const word = agentWordSchema.safeParse(parseJson(body));
  if (!word.success || word.data.type === "delta") {
    const text = 'Needs JSON with "type": progress, done or error; see docs/agents.md.';
    return rejected(422, "word_invalid", text, facts);
  }
  return word.data.type === "progress" ? "progress" : "end";
}

function resultOf(result: CallbackResult, facts: CallbackFacts): AgentCallbackOutcome {
  if (result === "stored") return { kind: "stored", ...facts };
  if (result === "gone") return gone(facts);
  return rejected(409, "answered_before", "Another answer to this turn was first; it counts.", facts);
}

function askRedis<Value>(ask: () => Promise<Value>, clock: Clock) {
  const untilMs = clock.monotonic() + REDIS_LIMIT_MS;
  const deadline = { lastAttemptAtMs: untilMs - REDIS_RETRY_MS, cutAtMs: untilMs };
  return withinDeadline(ask, deadline, { clock, retryEveryMs: REDIS_RETRY_MS });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
