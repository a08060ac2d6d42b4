import type { IncomingMessage, ServerResponse } from "node:http";
import type { AcceptCallback } from "../accept-callback.ts";
import type { Clock } from "../clock.ts";
import type { ObserveOutcome } from "../observation.ts";
import { unexpectedFailure } from "../observation.ts";
import type { CallbackOutcome } from "../outcome.ts";
import { createPollEnd } from "./poll-end.ts";
import { readSignedQuery } from "./query-parameters.ts";
import { readBody } from "./read-body.ts";
import { searchOf } from "./request-url.ts";
import { respond } from "./respond.ts";

/** How the 5 s that WeCom waits for an answer (WeCom doc 90930) are spent, counted from the request's headers. */
export interface AckTiming {
  /** Attempts to store a message start until here. */
  readonly retryForMs: number;
  readonly retryEveryMs: number;
  /** Without a stored message the connection is closed here, just before WeCom would do it. */
  readonly holdMs: number;
}

export const DEFAULT_ACK_TIMING: AckTiming = { retryForMs: 3500, retryEveryMs: 200, holdMs: 4500 };

/** WeCom's largest text message is a few kilobytes sealed; this is a limit on abuse. */
const BODY_LIMIT_BYTES = 64 * 1024;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** POST: the pushed message or event. Only a message that Redis holds, or one that needs no storing, gets its 200. */
export function createReceiveCallback(deps: {
  acceptCallback: AcceptCallback;
  clock: Clock;
  timing: AckTiming;
  observe: ObserveOutcome;
}): RequestHandler {
  const { acceptCallback, clock, timing, observe } = deps;

  async function decide(request: IncomingMessage, arrivedAtMs: number): Promise<CallbackOutcome | undefined> {
    const receivedAtMs = clock.now();
    const query = readSignedQuery(searchOf(request));
    if ("kind" in query) return query;
    const read = await readBody(request, BODY_LIMIT_BYTES);
    if (read.status === "aborted") return undefined;
    if (read.status === "refused") return read.rejection;
    return acceptCallback(
      { query, body: read.body, receivedAtMs },
      { lastAttemptAtMs: arrivedAtMs + timing.retryForMs, cutAtMs: arrivedAtMs + timing.holdMs },
    );
  }

  const pollEnd = createPollEnd();
  return async (request, response) => {
    const arrivedAtMs = clock.monotonic();
    const outcome = await decide(request, arrivedAtMs).catch(unexpectedFailure);
    if (outcome === undefined) return;
    observe({ request: "callback", outcome, durationMs: clock.monotonic() - arrivedAtMs });
    if (outcome.kind === "rejected") {
      await pollEnd();
      // A refused body may not have been read to its end; the connection cannot be used again.
      const isBodyRefused = outcome.status === 413 || outcome.status === 415;
      respond(response, outcome.status, `${outcome.text}\n`, isBodyRefused ? { Connection: "close" } : {});
    } else if (outcome.kind === "not_stored") {
      await closeUnanswered(response, clock, arrivedAtMs + timing.holdMs);
    } else {
      respond(response, 200, "success");
    }
  };
}

/**
 * WeCom pushes again after a time-out or a broken connection; its documents disagree on whether it does after
 * an error status. Closing at once would use up its few attempts within a second.
 */
async function closeUnanswered(response: ServerResponse, clock: Clock, atMs: number): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  await clock.sleep(atMs - clock.monotonic(), gone.signal);
  response.destroy();
}
