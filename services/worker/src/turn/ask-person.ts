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

  /** The turn goes on elsewhere, where a request with a key is taken up again. */
  const isHandedOver = () => deps.signal.reason === "shutdown" || deps.signal.reason === "lost";
  const look = async () => {
    for (const { code, end } of [...waiting.values()]) {
      const decision = await approvals.answer(person, code);
      if (decision !== undefined) end(decision);
    }
  };

  return {
    /** Called when something may have been decided. */
    look,
    async ask(request: { title: string; detail: string; key?: string }): Promise<Decision | "expired"> {
      if (deps.signal.aborted) return "expired";
      const detail = request.detail.slice(0, DETAIL_LIMIT_CHARS).toWellFormed();
      const { code, title, askedAtMs } = await approvals.ask(person, {
        ...request,
        turnId: active.id,
        detail,
        waitsIn: active.conversation,
      });
      // The same notice, when an earlier attempt has asked: it is told once.
      notify(`ask-${code}`, texts.approval.asked({ title, detail, code }));
      const decision = await new Promise<Decision | "expired">((resolve) => {
        const timer = setTimeout(() => end("expired"), Math.max(askedAtMs + deps.waitMs - deps.now(), 0));
        const end = (result: Decision | "expired") => {
          clearTimeout(timer);
          waiting.delete(code);
          resolve(result);
        };
        waiting.set(code, { code, title, end });
        // The person may have answered while nobody waited; what cannot be read now is looked at again.
        look().catch(() => undefined);
      });
      const isKept = decision === "expired" && isHandedOver() && request.key !== undefined;
      // The decision counts, even if its request cannot be cleared away now.
      if (!isKept) await approvals.withdraw(person, code).catch(() => undefined);
      if (decision === "expired" && !deps.signal.aborted)
        notify(`expired-${code}`, texts.approval.expired({ title }));
      return decision;
    },
    /** An earlier attempt may have asked and died; what this one cannot take up again is not to be answered. */
    async forgetEarlier(): Promise<void> {
      await approvals.withdrawTurn(person, active.id, "unnamed");
    },
    async stop(): Promise<void> {
      deps.signal.removeEventListener("abort", expireAll);
      expireAll();
      if (active.resumed && !isHandedOver())
        await approvals.withdrawTurn(person, active.id, "all").catch(() => undefined);
    },
  };
}
