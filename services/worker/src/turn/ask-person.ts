import type { ApprovalRequest, Approvals, Decision } from "@gateway/conversation";
import { conversationId, parseConversationId } from "@gateway/conversation";
import type { MaskText } from "@gateway/service-kit";
import { askName, askNotice, decidedCard } from "../cards/approval-card.ts";
import { personOf } from "../conversations.ts";
import type { Notices } from "../progress/notices.ts";
import type { Asked } from "./bound-request.ts";
import { boundRequest } from "./bound-request.ts";
import { labelBackground } from "./label-background.ts";
import type { ActiveTurn } from "./turn-deps.ts";

interface Deps {
  readonly approvals: Approvals;
  readonly notify: Notices["say"];
  /** An agent may have found a secret of ours and put it into a command. */
  readonly mask: MaskText;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly request: ApprovalRequest;
  readonly end: (decision: Decision | "expired") => void;
}

/** Puts an agent's requests to the person and waits for the answers, whichever process they come in by. */
export function askPerson(active: ActiveTurn, deps: Deps) {
  const { approvals, notify, signal } = deps;
  const { texts, cards } = active.app;
  const ref = parseConversationId(active.conversation);
  // The person answers in the main conversation, also for a background task.
  const person = conversationId(personOf(ref));
  const task = labelBackground(ref, texts, "").trim() || undefined;
  const waiting = new Map<string, Waiting>();
  const asking = new Set<Promise<unknown>>();
  const expireAll = () => {
    for (const one of waiting.values()) one.end("expired");
  };
  signal.addEventListener("abort", expireAll);

  let isOver = false;
  /** The turn goes on elsewhere, where a request with a key is taken up again. */
  const isHandedOver = () => signal.reason === "shutdown" || signal.reason === "lost";
  const look = async () => {
    for (const { request, end } of [...waiting.values()]) {
      const answer = await approvals.answer(person, request.code);
      if (answer === undefined) continue;
      if (answer.by !== undefined) tellOfAdmin(request, answer.decision, answer.by);
      end(answer.decision);
    }
  };
  const tellOfAdmin = ({ code, title }: ApprovalRequest, decision: Decision, admin: string) => {
    const words = texts.approval[decision]({ title });
    notify(`decided-${code}`, texts.approval.byAdmin({ admin, decision: words }));
  };
  /** Nobody decided: its time is over, or its run. */
  const close = (request: ApprovalRequest) => {
    const isLate = !isOver && !signal.aborted;
    const text = isLate ? texts.approval.expired({ title: request.title }) : "";
    const updates = decidedCard(request, isLate ? "expired" : "withdrawn", texts);
    if (text !== "" || updates.length > 0) notify(`expired-${request.code}`, { text, updates });
  };
  const answerTo = (request: ApprovalRequest) =>
    new Promise<Decision | "expired">((resolve) => {
      // The whole time again for a question that is taken up: while no worker listened nobody could answer it.
      const timer = setTimeout(() => end("expired"), deps.waitMs);
      const end = (result: Decision | "expired") => {
        clearTimeout(timer);
        waiting.delete(request.code);
        resolve(result);
      };
      waiting.set(request.code, { request, end });
      // The person may have answered while nobody waited; what cannot be read now is looked at again.
      look().catch(() => undefined);
    });
  const askOne = async (asked: Asked): Promise<Decision | "expired"> => {
    if (signal.aborted) return "expired";
    const request = await approvals.ask(person, {
      ...boundRequest(asked, deps.mask, texts),
      turnId: active.id,
      waitsIn: active.conversation,
      ...(cards === true ? { card: true } : {}),
    });
    // The same notice, when an earlier attempt has asked: it is told once.
    notify(askName(request), askNotice(request, texts, task));
    const decision = await answerTo(request);
    if (decision === "expired" && isHandedOver() && asked.key !== undefined) return decision;
    // The decision counts, even if its request cannot be cleared away now.
    await approvals.withdraw(person, request.code).catch(() => undefined);
    if (decision === "expired") close(request);
    return decision;
  };
  const withdraw = async (which: "all" | "unnamed") => {
    for (const request of await approvals.withdrawTurn(person, active.id, which)) {
      const updates = decidedCard(request, "withdrawn", texts);
      if (updates.length > 0) notify(`withdrawn-${request.code}`, { text: "", updates });
    }
  };

  return {
    /** Called when something may have been decided. */
    look,
    ask(asked: Asked): Promise<Decision | "expired"> {
      const decided = askOne(asked);
      asking.add(decided);
      return decided.finally(() => asking.delete(decided));
    },
    /** An earlier attempt may have asked and died; what this one cannot take up again is not to be answered. */
    forgetEarlier: () => withdraw("unnamed"),
    async stop(): Promise<void> {
      signal.removeEventListener("abort", expireAll);
      isOver = true;
      expireAll();
      await Promise.allSettled(asking);
      if (active.again !== undefined && !isHandedOver()) await withdraw("all").catch(() => undefined);
    },
  };
}
