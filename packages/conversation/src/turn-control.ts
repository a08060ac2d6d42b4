import type { Redis } from "ioredis";
import { z } from "zod";
import { MAILBOX_LIMIT } from "./acceptor.ts";
import type { InboundMessage } from "./inbound-message.ts";
import type { Keys } from "./keys.ts";
import type { MailboxEntry } from "./mailbox-entry.ts";
import { readEntry } from "./mailbox-entry.ts";
import { clearScript, enqueueScript, markScript, repeatScript, stopScript } from "./turn-control-scripts.ts";

export type StopReason = "user" | "interrupt" | "new";

/** The message that wants something. Its id makes the step once, its time keeps it off what came later. */
export type Cause = Pick<InboundMessage, "id" | "receivedAtMs">;

/** repeated: a message of this id was added before. full: MAILBOX_LIMIT messages are waiting. */
export type Enqueued = "added" | "repeated" | "full";

export interface TurnState {
  readonly running: boolean;
  readonly attempt: number;
  readonly startedAtMs: number | undefined;
  /** What the agent last said it was doing. */
  readonly doing: string | undefined;
  readonly stop: StopReason | undefined;
  /** The person or the app's busy mode asks the run to take the waiting messages in. */
  readonly steer: boolean;
  /** The runner has said that it can take messages in while it runs. */
  readonly takesSteer: boolean;
  readonly claimed: number;
  readonly waiting: number;
}

/** How commands reach a conversation's mailbox and its running turn, wherever that runs. */
export interface TurnControl {
  read(conversation: string): Promise<TurnState>;
  /** What waits behind the running turn, oldest first. */
  waiting(conversation: string): Promise<MailboxEntry[]>;
  /**
   * True when a turn was running that is older than the cause, and has been told. `only`: the first message of the one
   * turn that is meant.
   */
  stop(conversation: string, reason: StopReason, cause: Cause, only?: string): Promise<boolean>;
  /** Asks the running turn to take in whatever waits. False when none runs. */
  steer(conversation: string): Promise<boolean>;
  /** Makes the running turn look at its state and its mailbox, wherever it runs. */
  nudge(conversation: string): Promise<void>;
  setDoing(conversation: string, doing: string): Promise<void>;
  setTakesSteer(conversation: string): Promise<void>;
  enqueue(conversation: string, message: InboundMessage, place: "tail" | "next"): Promise<Enqueued>;
  /**
   * Adds the messages of an earlier turn again, under new ids. busy: something runs or waits; nothing was done.
   * `replaced` is the exchange they left, as stored; it is taken out of the transcript if it is still the last.
   */
  repeat(
    conversation: string,
    messages: readonly InboundMessage[],
    replaced: string | undefined,
  ): Promise<"added" | "repeated" | "busy">;
  /** Drops what waits behind the running turn and is older than the cause. Returns the ids of the messages. */
  clear(conversation: string, cause: Cause): Promise<string[]>;
}

/** How long an effect of a command is remembered, so that it is not had twice. */
const ONCE_MS = 24 * 3600 * 1000;

export function createTurnControl(deps: {
  redis: Redis;
  keys: Keys;
  now: () => number;
  mailboxLimit?: number;
}): TurnControl {
  const { redis, keys } = deps;
  for (const script of [markScript, stopScript, enqueueScript, repeatScript, clearScript])
    script.keepLoaded(redis);
  const mark = async (conversation: string, field: string, value: string) =>
    (await markScript.run(redis, [keys.turn(conversation)], [field, value])) === 1;
  const nudge = async (conversation: string) => void (await redis.publish(keys.signals, conversation));
  return {
    nudge,
    async read(conversation) {
      const [turn, depth] = await Promise.all([
        redis.hgetall(keys.turn(conversation)),
        redis.llen(keys.mailbox(conversation)),
      ]);
      return toState(turn, depth);
    },
    async waiting(conversation) {
      const claimed = Number((await redis.hget(keys.turn(conversation), "n")) ?? 0);
      return (await redis.lrange(keys.mailbox(conversation), claimed, -1)).map(readEntry);
    },
    async stop(conversation, reason, cause, only = "") {
      const touched = [
        keys.turn(conversation),
        keys.mailbox(conversation),
        keys.flag("stop", cause.id, conversation),
      ];
      const args = [reason, cause.id, cause.receivedAtMs, ONCE_MS, only];
      const stopped = (await stopScript.run(redis, touched, args)) === 1;
      if (stopped) await nudge(conversation);
      return stopped;
    },
    async steer(conversation) {
      const running = await mark(conversation, "steer", "1");
      if (running) await nudge(conversation);
      return running;
    },
    async setDoing(conversation, doing) {
      await mark(conversation, "doing", doing);
    },
    async setTakesSteer(conversation) {
      await mark(conversation, "takesSteer", "1");
    },
    async enqueue(conversation, message, place) {
      const result = await enqueueScript.run(
        redis,
        [keys.mailbox(conversation), keys.turn(conversation), keys.pendingTurns, keys.seen(message.id)],
        [
          ...[conversation, deps.now(), ONCE_MS, deps.mailboxLimit ?? MAILBOX_LIMIT],
          ...[place, JSON.stringify(message)],
        ],
      );
      return result as Enqueued;
    },
    async repeat(conversation, messages, replaced) {
      const [first] = messages;
      if (first === undefined) return "repeated";
      const result = await repeatScript.run(
        redis,
        [keys.mailbox(conversation), keys.transcript(conversation), keys.pendingTurns, keys.seen(first.id)],
        [
          ...[conversation, deps.now(), ONCE_MS, replaced ?? ""],
          ...messages.map((message) => JSON.stringify(message)),
        ],
      );
      return result as "added" | "repeated" | "busy";
    },
    async clear(conversation, cause) {
      const touched = [
        keys.mailbox(conversation),
        keys.turn(conversation),
        keys.flag("clear", cause.id, conversation),
      ];
      const json = (await clearScript.run(redis, touched, [cause.receivedAtMs, ONCE_MS])) as string;
      return z.array(z.string()).catch([]).parse(JSON.parse(json));
    },
  };
}

function toState(turn: Record<string, string>, depth: number): TurnState {
  const claimed = Number(turn.n ?? 0);
  return {
    running: claimed > 0,
    attempt: Number(turn.att ?? 0),
    startedAtMs: turn.startedAtMs === undefined ? undefined : Number(turn.startedAtMs),
    doing: turn.doing === "" ? undefined : turn.doing,
    stop: turn.stop as StopReason | undefined,
    steer: turn.steer !== undefined,
    takesSteer: turn.takesSteer !== undefined,
    claimed,
    waiting: Math.max(depth - claimed, 0),
  };
}
