import type { Mailbox, MailboxEntry, ReplyPlan } from "@gateway/conversation";
import { turnIdOf } from "@gateway/conversation";
import type { WorkerApp } from "../apps.ts";
import type { Turn, TurnIO, TurnResult } from "../runners/runner.ts";
import type { RecordEvent } from "./recorder.ts";

interface TurnParts {
  readonly mailbox: Mailbox;
  readonly app: WorkerApp | undefined;
}

/** The mailbox and the app of one turn, unchanged but for writing down what they are asked to do. */
export function recordTurn(parts: TurnParts, record: RecordEvent, now: () => number): TurnParts {
  let claimed: readonly string[] = [];
  const { mailbox, app } = parts;
  return {
    mailbox: {
      ...mailbox,
      async claim(...args) {
        const claim = await mailbox.claim(...args);
        if (claim.status !== "claimed") return claim;
        claimed = idsOf(claim.entries);
        const [first] = claimed;
        if (first === undefined) return claim;
        const { attempt } = claim;
        const [conversation] = args;
        const event = { conversation, turnId: turnIdOf(first), attempt, messages: claimed.length };
        record(claimed, { type: "claimed", ...event });
        return claim;
      },
      async absorb(conversation, fence, entry) {
        const absorbed = await mailbox.absorb(conversation, fence, entry);
        const [first] = claimed;
        if (absorbed && first !== undefined)
          record(idsOf([entry]), { type: "joined", turnId: turnIdOf(first) });
        return absorbed;
      },
      async commit(conversation, fence, count, commit) {
        const result = await mailbox.commit(conversation, fence, count, commit);
        if (result.status === "committed") recordPlans(claimed, commit.plans, record);
        return result;
      },
      async release(conversation, fence, options) {
        const released = await mailbox.release(conversation, fence, options);
        if (released) record(claimed, { type: "released" });
        return released;
      },
    },
    app: app && { ...app, runner: { ...app.runner, run: (turn, io) => run(app, turn, io) } },
  };

  async function run({ runner }: WorkerApp, turn: Turn, io: TurnIO): Promise<TurnResult> {
    const startedAtMs = now();
    record(claimed, { type: "run_started", attempt: turn.attempt, runner: runner.kind });
    const end = (result: TurnResult["status"], code?: string) => {
      const stopped = io.signal.aborted ? { stopped: String(io.signal.reason) } : {};
      const failure = code === undefined ? {} : { code };
      const ms = now() - startedAtMs;
      record(claimed, { type: "run_ended", result, runner: runner.kind, ...failure, ...stopped, ms });
    };
    try {
      const result = await runner.run(turn, io);
      end(result.status, result.status === "failed" ? result.code : undefined);
      return result;
    } catch (error) {
      end("failed", "internal");
      throw error;
    }
  }
}

/** What a committed step had to say to the person. */
export function recordPlans(
  messageIds: readonly string[],
  plans: readonly ReplyPlan[],
  record: RecordEvent,
): void {
  const spoken = plans.filter(({ chunks }) => chunks.length > 0);
  if (spoken.length === 0) record(messageIds, { type: "no_reply" });
  for (const { id, kind, chunks, messageIds: answered } of spoken)
    record(answered, { type: "planned", replyId: id, kind, parts: chunks.length });
}

function idsOf(entries: readonly MailboxEntry[]): string[] {
  return entries.flatMap(({ message }) => (message === undefined ? [] : [message.id]));
}
