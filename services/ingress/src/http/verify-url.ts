import { answerHandshake } from "../answer-handshake.ts";
import type { AppDirectory } from "../app-directory.ts";
import type { Clock } from "../clock.ts";
import type { ObserveOutcome } from "../observation.ts";
import type { SearchBudget } from "../search-budget.ts";
import { readHandshakeQuery } from "./query-parameters.ts";
import type { RequestHandler } from "./receive-callback.ts";
import { searchOf } from "./request-url.ts";
import { respond } from "./respond.ts";

/** GET: WeCom wants the bare challenge within 1 s, so this needs neither Redis nor any other service. */
export function createVerifyUrl(deps: {
  directory: AppDirectory;
  searchBudget: SearchBudget;
  clock: Clock;
  /** The time that callbacks are judged by. */
  now: () => number;
  observe: ObserveOutcome;
}): RequestHandler {
  const { clock, now, observe } = deps;
  return async (request, response) => {
    const arrivedAtMs = clock.monotonic();
    const query = readHandshakeQuery(searchOf(request));
    const outcome = "kind" in query ? query : answerHandshake(deps, query, now());
    observe({ request: "handshake", outcome, durationMs: clock.monotonic() - arrivedAtMs });
    if (outcome.kind === "verified") respond(response, 200, outcome.echo);
    else respond(response, outcome.status, `${outcome.text}\n`);
  };
}
