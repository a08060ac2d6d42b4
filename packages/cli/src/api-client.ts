import { z } from "zod";
import { EXIT, UsageError } from "./usage.ts";

const DEFAULT_URL = "http://127.0.0.1:8646";
const TIMEOUT_MS = 15_000;

/** The gateway said no, or nothing. */
export class ApiFailure extends Error {
  readonly exitCode: number;
  readonly answer: unknown;

  constructor(message: string, exitCode: number, answer?: unknown) {
    super(message);
    this.exitCode = exitCode;
    this.answer = answer;
  }
}

export interface ApiClient {
  /** The answer's JSON. @throws ApiFailure */
  call(method: "GET" | "POST", path: string, options?: { body?: unknown; key?: string }): Promise<unknown>;
}

const failure = z.looseObject({
  error: z.string(),
  hint: z.string(),
  choices: z.array(z.string()).optional(),
  faults: z.array(z.object({ at: z.string(), fault: z.string() })).optional(),
});

/** @throws UsageError when a setting is missing or wrong. */
export function createApiClient(env: Readonly<Record<string, string | undefined>>): ApiClient {
  const url = env.GATEWAY_API_URL || DEFAULT_URL;
  const token = env.GATEWAY_API_TOKEN ?? "";
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new UsageError("GATEWAY_API_URL needs the console's address, like http://127.0.0.1:8646.");
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      "GATEWAY_API_TOKEN is not set. It needs the value of the console's CONSOLE_API_TOKEN.",
    );
  const base = `${url.replace(/\/+$/, "")}/api/v1`;
  return {
    async call(method, path, { body, key } = {}) {
      const response = await fetch(base + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => {
        throw new ApiFailure(
          `No answer from ${new URL(url).host}: is the console running there?`,
          EXIT.unreachable,
        );
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok && answer !== undefined) return answer;
      throw describeFailure(response.status, answer);
    },
  };
}

function describeFailure(status: number, answer: unknown): ApiFailure {
  const known = failure.safeParse(answer).data;
  const again = status === 429 || status >= 500 || known === undefined;
  const exitCode = again ? EXIT.unreachable : EXIT.refused;
  if (known === undefined)
    return new ApiFailure(`What answered (HTTP ${status}) is not the gateway's API.`, exitCode);
  const lines = [
    known.hint,
    ...(known.choices ?? []).map((choice) => `  ${choice}`),
    ...(known.faults ?? []).map(({ at, fault }) => `  ${at === "" ? "the request" : at}: ${fault}`),
  ];
  return new ApiFailure(lines.join("\n"), exitCode, answer);
}
