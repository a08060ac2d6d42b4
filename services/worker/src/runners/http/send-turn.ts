import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { AgentFault } from "./agent-fault.ts";
import type { AgentRequest, Place } from "./request.ts";
import { requestAgent } from "./request.ts";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 600_000;

interface TurnRequest extends Omit<AgentRequest, "body"> {
  /** Made for each try: it may be megabytes, and the answer an hour's work. */
  readonly makeBody: () => Promise<string>;
}

/** No async function: those keep what they were given as long as they wait. */
function sendOnce(place: Place, { makeBody, ...request }: TurnRequest): Promise<IncomingMessage> {
  return makeBody().then((body) => requestAgent(place, { ...request, body }));
}

/**
 * Sends a turn until the agent takes it: one that is busy (429, 503) is asked again when it says so. Resolves with a
 * 200 or a 202. Once `stop` fires nothing more is sent. @throws AgentFault, and whatever a signal was aborted with.
 */
export async function sendTurn(
  place: Place,
  request: TurnRequest,
  stop: AbortSignal,
): Promise<IncomingMessage> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const response = await sendOnce(place, request);
    const status = response.statusCode ?? 0;
    if (status === 200 || status === 202) return response;
    response.destroy();
    if (status !== 429 && status !== 503) throw statusFault(status);
    await delay(retryAfterMs(response) ?? pauseMs, undefined, { signal: stop }).catch(() => undefined);
    stop.throwIfAborted();
  }
}

function retryAfterMs({ headers }: IncomingMessage): number | undefined {
  const value = headers["retry-after"] ?? "";
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}

function statusFault(status: number): AgentFault {
  const says = `The agent answered HTTP ${status}`;
  if (status === 401 || status === 403) return new AgentFault("auth", `${says}: check api_key.`);
  if (status >= 300 && status < 400)
    return new AgentFault("config", `${says}: redirects are not followed. Set url to where it leads.`);
  if (status === 404 || status === 405 || status === 410)
    return new AgentFault("config", `${says}: nothing takes turns there. Check url.`);
  if (status === 408 || status === 502 || status === 504)
    return new AgentFault("provider", `${says}: what stands before it gave up waiting.`);
  if (status === 500) return new AgentFault("agent", `${says}; its own log says why.`);
  return new AgentFault("protocol", `${says}, which is none of 200 and 202; see docs/agents.md.`);
}
