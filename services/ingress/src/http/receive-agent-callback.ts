import type { IncomingMessage } from "node:http";
import type { AgentCallbacks, CallbackResult } from "@gateway/conversation";
import {
  agentWordSchema,
  isSignedAgentBody,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "@gateway/conversation";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
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
  /** The key that the conversation's agent signs with. */
  readonly keyOf: (conversation: string) => string | undefined;
}

interface Deps extends AgentCallbackDeps {
  readonly clock: Clock;
  /** The time that signatures are judged by. */
  readonly now: () => number;
}

interface Answer {
  readonly status: number;
  readonly says: string;
}

const NOT_STORED: Answer = { status: 503, says: "It could not be stored. Send it again." };

const RESULTS: Readonly<Record<CallbackResult, Answer>> = {
  stored: { status: 200, says: "stored" },
  conflict: { status: 409, says: "Another answer to this turn was first; it counts." },
  gone: { status: 410, says: "Nobody waits for this turn any more." },
};

/** POST by an agent that answers later. Its 200 means that Redis has what it said. */
export function createReceiveAgentCallback(
  deps: Deps & { readonly logger: Pick<Logger, "info"> },
): RequestHandler {
  return async (request, response) => {
    const answer = await decide(request, deps);
    if (answer === undefined) return;
    deps.logger.info({ status: answer.status }, "agent callback");
    const key = answer.status === 200 ? "status" : "error";
    respondJson(response, answer.status, { [key]: answer.says });
  };
}

async function decide(
  request: IncomingMessage,
  { callbacks, keyOf, clock, now }: Deps,
): Promise<Answer | undefined> {
  const token = (request.url ?? "").split("?", 1)[0]?.slice(AGENT_CALLBACK_PATH.length) ?? "";
  const read = await readBody(request, BODY_LIMIT_BYTES);
  if (read.status === "aborted") return undefined;
  if (read.status === "refused") return { status: read.rejection.status, says: read.rejection.text };
  const turn = await askRedis(() => callbacks.conversationOf(token), clock);
  if (turn.status === "failed") return NOT_STORED;
  if (turn.value === undefined) return RESULTS.gone;
  const secret = keyOf(turn.value);
  if (secret === undefined) return { status: 503, says: "Ingress does not know this agent's api_key." };
  const header = (name: string) => String(request.headers[name] ?? "");
  const signed = {
    timestamp: header(TIMESTAMP_HEADER),
    signature: header(SIGNATURE_HEADER),
    body: read.body,
  };
  if (!isSignedAgentBody(secret, signed, now()))
    return { status: 401, says: "The signature or its timestamp is wrong; see docs/agents.md." };
  const word = agentWordSchema.safeParse(parseJson(read.body));
  if (!word.success || word.data.type === "delta")
    return { status: 422, says: 'Needs JSON with "type": progress, done or error; see docs/agents.md.' };
  const kind = word.data.type === "progress" ? "progress" : "end";
  const stored = await askRedis(() => callbacks.deliver(token, kind, read.body), clock);
  return stored.status === "failed" ? NOT_STORED : RESULTS[stored.value];
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
