import { RequestError } from "@agentclientprotocol/sdk";
import type { RunFailureCode, TurnResult } from "../runner.ts";

export type Failure = Extract<TurnResult, { status: "failed" }>;

export function failure(code: RunFailureCode, detail: string, retryable = false): Failure {
  return { status: "failed", code, retryable, detail };
}

/** Thrown inside the runner; becomes the turn's result. */
export class AgentFailure extends Error {
  override readonly name = "AgentFailure";
  readonly code: RunFailureCode;
  readonly retryable: boolean;
  constructor(code: RunFailureCode, detail: string, retryable = false) {
    super(detail);
    this.code = code;
    this.retryable = retryable;
  }
}

/** An answer of the form that the protocol says. @throws AgentFailure */
export function expectForm<Answer>(
  answer: Answer,
  hasForm: (answer: Answer & object) => boolean,
): Answer & object {
  if (typeof answer === "object" && answer !== null && hasForm(answer)) return answer;
  throw new AgentFailure("protocol", "The agent's answer to a request is not what the protocol says.");
}

/** JSON-RPC and ACP codes: authentication required. */
const AUTH_REQUIRED = -32_000;

/** In the order in which they are tried: agents put everything into one code, and the truth into its words. */
const SIGNS: readonly (readonly [RunFailureCode, RegExp])[] = [
  ["rate_limit", /\b429\b|rate.?limit|quota|too many requests|usage limit/i],
  ["auth", /\b40[13]\b|unauthori[sz]ed|authenticat|api.?key|login|sign.?in/i],
  [
    "provider",
    /\b50[0-4]\b|\b529\b|overload|unavailable|timed? ?out|disconnect|connection|network|stream|ECONN|socket/i,
  ],
];

/** What an error that an agent answers means. Its words stay out of the detail: they may be anybody's. */
export function readError(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error;
  if (!(error instanceof RequestError)) return new AgentFailure("crash", "The agent's process ended.");
  const words = `${error.message} ${stringify(error.data)}`.slice(0, 20_000);
  const found = SIGNS.find(([, sign]) => sign.test(words))?.[0];
  const code = found ?? (error.code === AUTH_REQUIRED ? "auth" : "agent");
  const mayPass = code === "rate_limit" || code === "provider";
  return new AgentFailure(code, `The agent answered with error ${error.code} (${code}).`, mayPass);
}

function stringify(data: unknown): string {
  try {
    return JSON.stringify(data) ?? "";
  } catch {
    return "";
  }
}

/** A turn that failed for the service behind the agent, said beside an answer that looks well. Extension of two agents. */
export function readSessionFailure(meta: unknown): AgentFailure | undefined {
  const category = at(at(at(at(meta, "jetbrains"), "air"), "sessionFailure"), "category");
  if (category === undefined) return undefined;
  if (category === "limit") return new AgentFailure("rate_limit", "The agent says: limit reached.", true);
  if (category === "access") return new AgentFailure("auth", "The agent says: not signed in.");
  if (category === "service") return new AgentFailure("provider", "The agent says: service failed.", true);
  return new AgentFailure("agent", "The agent says that the turn failed.");
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
