import type {
  Fence,
  InboundMessage,
  Mailbox,
  MailboxEntry,
  TurnControl,
  TurnState,
} from "@gateway/conversation";
import type { TurnIO } from "../runners/runner.ts";
import { messageText } from "./turn-input.ts";

type Accept = Parameters<TurnIO["onSteer"]>[0];

/** Hands messages that wait behind a running turn to its runner, where the runner takes them in. */
export interface Steering {
  /** The runner can take messages in. */
  open(accept: Accept): void;
  /** Offers it what waits. Call one after the other: two at once would offer the same message twice. */
  offer(state: TurnState): Promise<void>;
  /** What it took in; part of the turn from now on. */
  readonly absorbed: readonly MailboxEntry[];
}

export function createSteering(deps: {
  conversation: string;
  fence: Fence;
  mailbox: Mailbox;
  turnControl: Pick<TurnControl, "setTakesSteer">;
  onOpen: () => void;
  onError: (error: unknown) => void;
}): Steering {
  const { conversation, fence, mailbox } = deps;
  const absorbed: MailboxEntry[] = [];
  let accept: Accept | undefined;
  return {
    absorbed,
    open(given) {
      accept = given;
      deps.turnControl.setTakesSteer(conversation).then(deps.onOpen).catch(deps.onError);
    },
    async offer(state) {
      for (let claimed = state.claimed; accept !== undefined; claimed += 1) {
        const entry = await mailbox.next(conversation, claimed);
        const message = entry?.message;
        if (entry === undefined || message === undefined || !isForRunningTurn(message, state)) return;
        const text = messageText(message);
        if (text === undefined || !(await accept(text))) return;
        if (!(await mailbox.absorb(conversation, fence, entry))) return;
        absorbed.push(entry);
      }
    },
  };
}

/** What /queue and /retry add is a turn of its own; /steer means this one, whatever the busy mode is. */
function isForRunningTurn(message: InboundMessage, state: TurnState): boolean {
  return message.ownTurn === undefined && (state.steer || message.steer === true);
}
