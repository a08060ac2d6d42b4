import type { AppDirectory } from "./app-directory.ts";
import { skewSeconds } from "./freshness.ts";
import { openCallback, searchRefused } from "./open-callback.ts";
import type { HandshakeOutcome } from "./outcome.ts";
import { rejected } from "./outcome.ts";
import type { SearchBudget } from "./search-budget.ts";
import type { HandshakeQuery } from "./signed-query.ts";

/** WeCom's challenges are decimal strings of about 20 characters. */
const ECHO_LIMIT_BYTES = 256;
const LESS_THAN = 0x3c;

/**
 * The check that WeCom makes when an admin saves the callback URL: prove the keys by decrypting `echostr`.
 * A pushed message is signed in the same way, so whoever saw one could ask for it to be decrypted here. What
 * looks like a message is therefore never echoed.
 *
 * Freshness is not required: the answer tells a replayer nothing new. The skew is reported instead, because
 * a wrong clock would make every message after it stale.
 */
export function answerHandshake(
  deps: { directory: AppDirectory; searchBudget: SearchBudget },
  query: HandshakeQuery,
  nowMs: number,
): HandshakeOutcome {
  const apps = deps.directory.all();
  if (!deps.searchBudget.take(apps.length, nowMs)) return searchRefused();
  const { echostr, ...signed } = query;
  const openings = openCallback(apps, { ...signed, encrypted: echostr });
  if ("kind" in openings) return openings;
  const [opening] = openings;
  if (opening === undefined || !isEcho(opening.plaintext)) {
    return rejected(400, "echo_invalid", "Refused: echostr does not hold a challenge.");
  }
  return {
    kind: "verified",
    app: opening.app.name,
    echo: opening.plaintext,
    skewSeconds: Math.round(skewSeconds(query.timestamp, nowMs)),
  };
}

function isEcho(plaintext: Buffer): boolean {
  return plaintext.length <= ECHO_LIMIT_BYTES && !plaintext.includes(LESS_THAN);
}
