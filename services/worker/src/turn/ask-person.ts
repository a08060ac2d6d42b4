import type { Approvals, Decision } from "@gateway/conversation";
import { conversationId, parseConversationId } from "@gateway/conversation";
import { personOf } from "../conversations.ts";
import type { ActiveTurn } from "./turn-deps.ts";

const DETAIL_LIMIT_CHARS = 1000;

interface Deps {
  readonly approvals: Approvals;
  readonly notify: (name: string, text: string) => void;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

interface Waiting {
  readonly code: string;
  readonly title: string;
  readonly end: (decision: Decision | "expired") => void;
}

/** Puts an agent's requests to the person and waits for the answers, whichever process they come in by. */
export function askPerson(active: ActiveTurn, deps: Deps) {
  const { approvals, notify } = deps;
  const { texts } = active.app;
  // The person answers in the main conversation, also for a background task.
  const person = conversationId(personOf(parseConversationId(active.conversation)));
  const waiting = new Map<string, Waiting>();
  const expireAll = () => {
    for (const one of waiting.values()) one.end("expired");
  };
  deps.signal.addEventListener("abort", expireAll);

  return {
    async ask(request: { title: string; detail: string }): Promise<Decision | "expired"> {
      if (deps.signal.aborted) return "expired";
      const detail = request.detail.slice(0, DETAIL_LIMIT_CHARS).toWellFormed();
      const { code, title } = await approvals.ask(person, {
        turnId: active.id,
        title: request.title,
        detail,
        waitsIn: active.conversation,
      });
      notify(`ask-${code}`, texts.approval.asked({ title, detail, code }));
      const decision = await new Promise<Decision | "expired">((resolve) => {
        const timer = setTimeout(() => end("expired"), deps.waitMs);
        const end = (result: Decision | "expired") => {
          clearTimeout(timer);
          waiting.delete(code);
          resolve(result);
        };
        waiting.set(code, { code, title, end });
      });
      // The decision counts, even if its request cannot be cleared away now.
      await approvals.withdraw(person, code).catch(() => undefined);
      if (decision === "expired" && !deps.signal.aborted)
        notify(`expired-${code}`, texts.approval.expired({ title }));
      return decision;
    },
    /** Called when something may have been decided. */
    async look(): Promise<void> {
      for (const { code, end } of [...waiting.values()]) {
        const decision = await approvals.answer(person, code);
        if (decision !== undefined) end(decision);
      }
    },
    /** An earlier attempt may have asked and died; its requests cannot be answered any more. */
    async forgetEarlier(): Promise<void> {
      await approvals.withdrawTurn(person, active.id);
    },
    async stop(): Promise<void> {
      deps.signal.removeEventListener("abort", expireAll);
      expireAll();
    },
  };
}
