import type { CallbackMessage, Envelope } from "@gateway/wecom-client/callback";
import { CallbackError, parseEnvelope, parseMessage } from "@gateway/wecom-client/callback";
import type { AppDirectory, IngressApp } from "./app-directory.ts";
import { isFresh, skewSeconds } from "./freshness.ts";
import type { Opening } from "./open-callback.ts";
import { isSignedFor, openCallback, rejectionFor, searchRefused } from "./open-callback.ts";
import type { CallbackOutcome } from "./outcome.ts";
import { rejected } from "./outcome.ts";
import type { SearchBudget } from "./search-budget.ts";
import type { SignedQuery } from "./signed-query.ts";

export interface ReceivedCallback {
  readonly query: SignedQuery;
  /** The body's bytes, untouched. */
  readonly body: Buffer;
  /** This machine's wall clock at arrival. */
  readonly receivedAtMs: number;
}

export interface ReadCallbackDeps {
  readonly directory: AppDirectory;
  readonly searchBudget: SearchBudget;
  readonly maxSkewSeconds: number;
}

export interface ReadCallback {
  readonly kind: "read";
  readonly app: IngressApp;
  readonly message: CallbackMessage;
  readonly plaintext: Buffer;
}

/**
 * From bytes to a message that is known to come from WeCom, or the outcome that ends the request.
 * Reads no clock and does no I/O. `nowMs`: the arrival on the clock that freshness is judged by.
 */
export function readCallback(
  deps: ReadCallbackDeps,
  received: ReceivedCallback,
  nowMs: number,
): ReadCallback | CallbackOutcome {
  try {
    const envelope = parseEnvelope(received.body);
    return openEnvelope(deps, received, nowMs, envelope);
  } catch (error) {
    if (error instanceof CallbackError) return rejectionFor(error.code);
    throw error;
  }
}

function openEnvelope(
  deps: ReadCallbackDeps,
  { query }: ReceivedCallback,
  nowMs: number,
  envelope: Envelope,
): ReadCallback | CallbackOutcome {
  const candidates = deps.directory.candidates(envelope.toUserName, envelope.agentId);
  if (candidates.length === 0) {
    return rejected(404, "app_unknown", "No app with this corp id and agent id is configured here.");
  }
  if (!deps.searchBudget.take(candidates.length, nowMs)) return searchRefused();
  const { msgSignature, timestamp, nonce } = query;
  const sealed = { msgSignature, timestamp, nonce, encrypted: envelope.encrypted };
  if (!isFresh(query.timestamp, nowMs, deps.maxSkewSeconds)) {
    const app = candidates.find((candidate) => isSignedFor(candidate, sealed));
    if (app === undefined) return rejectionFor("signature_invalid");
    const skew = Math.round(skewSeconds(query.timestamp, nowMs));
    return { kind: "ignored", reason: "stale", skewSeconds: skew, app: app.name };
  }
  const openings = openCallback(candidates, sealed);
  return "kind" in openings ? openings : chooseApp(openings);
}

/**
 * The envelope's AgentID is not signed, the message inside is. Where the envelope names no app, the message decides; where it
 * names another one than the message, nothing is taken.
 */
function chooseApp(openings: readonly Opening[]): ReadCallback | CallbackOutcome {
  const [first] = openings;
  if (first === undefined) return rejectionFor("signature_invalid");
  const message = parseMessage(first.plaintext);
  const chosen = message.agentId === "" ? first : openings.find(({ app }) => app.agentId === message.agentId);
  if (chosen === undefined) return { kind: "ignored", reason: "agent_mismatch", app: first.app.name };
  return { kind: "read", app: chosen.app, message, plaintext: chosen.plaintext };
}
