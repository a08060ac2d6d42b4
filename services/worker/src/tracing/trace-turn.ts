import type { Claimed, Mailbox, ReplyPlan } from "@gateway/conversation";
import type { Span, Tracer } from "@gateway/service-kit";
import type { WorkerApp } from "../apps.ts";
import type { AgentRunner } from "../runners/runner.ts";
import type { TurnDeps } from "../turn/turn-deps.ts";

export interface TurnParts {
  readonly mailbox: Mailbox;
  readonly app: WorkerApp | undefined;
  readonly notify: TurnDeps["notify"];
}

/**
 * Does the work of a turn with parts that make spans: turn, below the first message's acceptance, and in it run and
 * plan. What the turn has to say carries the turn's span to those who send it.
 */
export async function traceTurn<Outcome extends { readonly status: string }>(
  tracer: Tracer | undefined,
  parts: TurnParts,
  work: (parts: TurnParts) => Promise<Outcome>,
): Promise<Outcome> {
  if (tracer === undefined) return work(parts);
  const { mailbox, app, notify } = parts;
  let turn: Span | undefined;
  let ranUntilMs: number | undefined;
  const carry = (plan: ReplyPlan): ReplyPlan => (turn ? { ...plan, traceparent: turn.traceparent } : plan);
  const traced: TurnParts = {
    mailbox: {
      ...mailbox,
      async claim(...args) {
        const startedAtMs = Date.now();
        const claim = await mailbox.claim(...args);
        if (claim.status === "claimed") turn = startTurn(tracer, claim, app, startedAtMs);
        return claim;
      },
      async commit(conversation, fence, count, commit) {
        const plans = commit.plans.map(carry);
        const parts = plans.reduce((sum, { chunks }) => sum + chunks.length, 0);
        const plan = tracer.start("plan", {
          parent: turn?.traceparent,
          ...(ranUntilMs === undefined ? {} : { startedAtMs: ranUntilMs }),
          attributes: { "gateway.parts": parts },
        });
        let status = "error";
        try {
          const result = await mailbox.commit(conversation, fence, count, { ...commit, plans });
          status = result.status;
          return result;
        } finally {
          plan.end(status === "committed" ? undefined : status);
        }
      },
    },
    app: app && {
      ...app,
      runner: traceRuns(tracer, app.runner, {
        parent: () => turn?.traceparent,
        onEnd: () => {
          ranUntilMs = Date.now();
        },
      }),
    },
    notify: (plan, fence) => notify(carry(plan), fence),
  };
  try {
    const outcome = await work(traced);
    turn?.set({ "gateway.outcome": outcome.status });
    turn?.end();
    return outcome;
  } catch (error) {
    turn?.end("error");
    throw error;
  }
}

function startTurn(tracer: Tracer, claim: Claimed, app: WorkerApp | undefined, startedAtMs: number): Span {
  const messages = claim.entries.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const [first, ...others] = messages;
  return tracer.start("turn", {
    kind: "consumer",
    parent: first?.traceparent,
    links: others.flatMap(({ traceparent }) => traceparent ?? []),
    startedAtMs,
    attributes: {
      "gateway.message.id": first?.id,
      "gateway.messages": messages.length,
      "gateway.attempt": claim.attempt,
      "gateway.app": app?.name,
    },
  });
}

function traceRuns(
  tracer: Tracer,
  runner: AgentRunner,
  { parent, onEnd }: { parent: () => string | undefined; onEnd: () => void },
): AgentRunner {
  return {
    ...runner,
    async run(turn, io) {
      const attributes = { "gateway.runner": runner.kind, "gateway.attempt": turn.attempt };
      const span = tracer.start("run", { parent: parent(), attributes });
      try {
        const result = await runner.run(turn, io);
        span.set({ "gateway.outcome": result.status });
        span.end(result.status === "failed" ? result.code : undefined);
        return result;
      } catch (error) {
        span.end("internal");
        throw error;
      } finally {
        onEnd();
      }
    },
  };
}
