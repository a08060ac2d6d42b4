import type { Fence } from "@gateway/conversation";
import {
  conversationId,
  conversationJobSchema,
  parseConversationId,
  wakeConversation,
} from "@gateway/conversation";
import type { Job, Queue } from "bullmq";
import { WaitingError } from "bullmq";
import { backoffMs } from "../backoff.ts";
import { appOfConversation, personOf } from "../conversations.ts";
import type { AppDrain } from "../turn/app-drain.ts";
import type { TurnOutcome } from "../turn/process-turn.ts";
import type { AppSlots } from "./app-slots.ts";
import { fenceOf, isAhead, postpone } from "./job-steps.ts";
import { withinShare } from "./within-share.ts";

const BUSY_PAUSE_MS = 5000;
const DRAIN_PAUSE_MS = 5000;
const NO_APP_PAUSE_MS = 30_000;
/** Another worker has the person's agent; which worker gets the job next is a matter of chance. */
const ELSEWHERE_PAUSE_MS = 500;
/** Another one is on trial in this worker; for a minute at most, see `Trials`. */
const TRIAL_PAUSE_MS = 1000;
/** WeCom could not be asked for a person's file. */
const NO_FILE_PAUSE_MS = 10_000;

interface Deps {
  readonly turns: Queue;
  readonly deliver: Queue;
  readonly slots: AppSlots;
  readonly deliverSlots: Pick<AppSlots, "overtakes">;
  readonly drain: Pick<AppDrain, "isOn">;
  /** Whether the turn is for this worker: agents may keep what they know on one worker's disk. */
  readonly place: (conversation: string) => Promise<"here" | "elsewhere">;
  readonly processTurn: (conversation: string, fence: Fence, signal: AbortSignal) => Promise<TurnOutcome>;
}

/** Translates a turn's outcome into what BullMQ is to do with its job. */
export async function handleTurn(job: Job, token: string, signal: AbortSignal, deps: Deps): Promise<void> {
  const { conversation } = conversationJobSchema.parse(job.data);
  const { corpId, agentId } = parseConversationId(conversation);
  if (await deps.drain.isOn({ corpId, agentId })) return postpone(job, token, DRAIN_PAUSE_MS);
  if ((await deps.place(conversation)) === "elsewhere")
    return postpone(job, token, ELSEWHERE_PAUSE_MS * (0.5 + Math.random()));
  const outcome = await withinShare(deps.slots, { job, token, conversation }, () =>
    deps.processTurn(conversation, fenceOf(deps.turns, job, token), signal),
  );
  switch (outcome.status) {
    case "empty":
      return;
    case "committed":
      await wakeConversation(deps.deliver, conversationId(personOf(parseConversationId(conversation))), {
        ahead: isAhead(job) || deps.deliverSlots.overtakes(appOfConversation(conversation)),
      });
      // One turn a job: the next one goes to the tail, so that a busy conversation does not hold up the others.
      if (outcome.remaining > 0) await wakeConversation(deps.turns, conversation);
      return;
    case "lost":
      throw new Error("The job's lock was lost during the turn; its new owner goes on.");
    case "busy":
      return postpone(job, token, BUSY_PAUSE_MS);
    case "suspect":
      return postpone(job, token, TRIAL_PAUSE_MS * (1 + Math.random()));
    case "early":
      return postpone(job, token, outcome.afterMs);
    case "retry":
      return postpone(job, token, backoffMs(outcome.attempt));
    case "released":
      if (outcome.why === "no_file") return postpone(job, token, NO_FILE_PAUSE_MS);
      if (outcome.why === "no_app") return postpone(job, token, NO_APP_PAUSE_MS);
      await job.moveToWait(token);
      throw new WaitingError();
    default:
      return outcome satisfies never;
  }
}
