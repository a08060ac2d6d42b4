import { pino } from "pino";
import { createHermesRunner } from "../../../services/worker/src/runners/hermes/hermes-runner.ts";
import type { HermesServer } from "../../support/hermes/server.ts";
import { waitUntil } from "../../support/wait-until.ts";

export interface RunnerOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly mediaDirs?: readonly string[];
  readonly instructions?: string;
  readonly now?: () => number;
  readonly unreachableMs?: number;
  readonly requestMs?: number;
}

/** A runner for the server, that does not wait as long as in earnest. */
export function hermesRunner(hermes: HermesServer, options: RunnerOptions = {}) {
  const { url = hermes.url, apiKey = hermes.apiKey, mediaDirs = [], instructions, now } = options;
  return createHermesRunner(
    {
      kind: "hermes",
      url,
      apiKey,
      timeoutMs: 60_000,
      ...(instructions === undefined ? {} : { instructions }),
    },
    {
      logger: pino({ level: "silent" }),
      mediaDirs,
      ...(now === undefined ? {} : { now }),
      timing: {
        unreachableMs: options.unreachableMs ?? 20_000,
        requestMs: options.requestMs ?? 20_000,
        pollMs: 100,
        pollWithEventsMs: 500,
      },
    },
  );
}

export function untilRuns(hermes: HermesServer, count = 1): Promise<unknown> {
  return waitUntil(`${count} runs at Hermes`, () => hermes.runs.length >= count);
}

export const postsOf = (hermes: HermesServer) =>
  hermes.requests.filter(({ method, path }) => method === "POST" && path === "/v1/runs");
