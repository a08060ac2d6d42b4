import { setTimeout as delay } from "node:timers/promises";
import type { PendingApproval } from "./messages.ts";
import type { RunContext } from "./run-context.ts";

/** Beyond these an agent only wears its person out. */
const APPROVALS_LIMIT = 20;
const TITLE_LIMIT_CHARS = 100;
const TRIES = 5;
const PAUSE_MS = 1000;

export interface Approvals {
  /** Takes up what the status says is pending. */
  look(pending: PendingApproval | undefined): void;
  /** How long the run has waited for the person so far. */
  waitedMs(): number;
}

/**
 * Puts a run's requests to the person. Only one that has an id can be allowed: without, Hermes gives the answer to the
 * oldest of its requests, which may be another command than the one that the person saw.
 */
export function answerApprovals(runId: string, context: RunContext, onAnswered: () => void): Approvals {
  const { io, api, turn, logger, now } = context;
  const seen = new Set<string>();
  let waitedMs = 0;
  let waitingSinceMs: number | undefined;

  const send = async (choice: "once" | "deny", requestId: string | undefined) => {
    for (let attempt = 1; attempt <= TRIES && !io.signal.aborted; attempt += 1) {
      const reply = await api.approve(runId, choice, requestId);
      if (reply.ok || (reply.why !== "passing" && reply.why !== "busy")) return;
      await delay(PAUSE_MS, undefined, { signal: io.signal }).catch(() => undefined);
    }
  };
  const ask = async ({ request_id: requestId, command, description, tool }: PendingApproval) => {
    const line = { turnId: turn.id, runId };
    if (requestId === undefined) logger.warn(line, "Hermes gives its approval no request_id: denied");
    else if (seen.size > APPROVALS_LIMIT) logger.warn(line, "Hermes asks for too many approvals: denied");
    else {
      const title = firstLine(description) ?? tool ?? "Hermes";
      waitingSinceMs = now();
      const decision = await io.approve({ title, detail: command ?? description ?? "", key: requestId });
      waitedMs += now() - waitingSinceMs;
      waitingSinceMs = undefined;
      // Told to stop, or handed over: whoever has the run decides.
      if (io.signal.aborted) return;
      return send(decision === "approved" ? "once" : "deny", requestId);
    }
    return send("deny", requestId);
  };
  let asking = Promise.resolve();
  return {
    look(pending) {
      if (pending === undefined) return;
      const id = pending.request_id ?? `${pending.timestamp} ${pending.command}`;
      if (seen.has(id)) return;
      seen.add(id);
      asking = asking
        .then(() => ask(pending))
        .catch((error: unknown) => logger.warn({ turnId: turn.id, err: error }, "an approval failed"))
        .then(onAnswered);
    },
    waitedMs: () => waitedMs + (waitingSinceMs === undefined ? 0 : now() - waitingSinceMs),
  };
}

function firstLine(text: string | undefined): string | undefined {
  const line = text?.split("\n", 1)[0]?.trim().slice(0, TITLE_LIMIT_CHARS).toWellFormed();
  return line === "" ? undefined : line;
}
