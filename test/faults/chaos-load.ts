import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";
import { groupBy } from "./group-by.ts";
import type { Random } from "./random.ts";

/** WeCom pushes a message three times at most (WeCom doc 90930). */
const PUSH_ATTEMPTS = 3;
const RETRY_AFTER_MS = 500;
/** WeCom thinks that an acknowledged message was not received. */
const DUPLICATE_CHANCE = 0.05;
const LONG_ANSWER_CHANCE = 0.04;
const LIMIT_MS = 1_200_000;
/** People who are writing at one moment, and how many lines each of them writes in a row. */
const WRITERS = 20;
const MAX_IN_A_ROW = 6;

interface Message {
  readonly conversation: string;
  readonly id: string;
  readonly text: string;
}

/** People who write one message after the other, through WeCom, which gives up after three attempts. */
export interface Load {
  /** Messages may be pushed up to this share of all. */
  allow(share: number): void;
  /** The share that was acknowledged or given up. */
  progress(): number;
  /** How many messages that is. */
  pushed(): number;
  pushAll(): Promise<void>;
  /** Nothing more is begun. */
  stop(): void;
  /** As an operator would: what WeCom gave up is pushed again until it is acknowledged. Returns how many. */
  pushWhatWasLost(): Promise<number>;
}

export function createLoad(
  gateway: FaultStack,
  options: {
    conversations: number;
    messagesEach: number;
    /** Messages a second. Default as many as are taken. */
    perSecond?: number;
  },
  random: Random,
): Load {
  const total = options.conversations * options.messagesEach;
  const lost: Message[] = [];
  let allowed = 0;
  let begun = 0;
  let settled = 0;
  let isStopped = false;
  let nextAtMs = performance.now();

  // Any of two or three replicas, equally often.
  const push = (message: Message, of: Random) => gateway.push(message, of.between(0, 5));
  const pushLikeWecom = async (message: Message, of: Random): Promise<boolean> => {
    for (let attempt = 1; attempt <= PUSH_ATTEMPTS; attempt += 1) {
      if (await push(message, of)) return true;
      await sleep(RETRY_AFTER_MS);
    }
    return false;
  };
  const say = async (message: Message, of: Random) => {
    await waitUntil("pushing may go on", () => begun < allowed, { timeoutMs: LIMIT_MS });
    begun += 1;
    if (options.perSecond !== undefined) {
      nextAtMs = Math.max(nextAtMs + 1000 / options.perSecond, performance.now());
      await sleep(nextAtMs - performance.now());
    }
    const acknowledged = await pushLikeWecom(message, of);
    settled += 1;
    if (!acknowledged) lost.push(message);
    else if (of.chance(DUPLICATE_CHANCE)) await push(message, of);
  };
  const people = Array.from({ length: options.conversations }, (_, conversation) => {
    const of = random.fork(`conversation ${conversation}`);
    return { conversation, of, written: 0 };
  });
  /** Whoever is next in line writes some lines and goes to its end. */
  const write = async () => {
    for (let person = people.shift(); person !== undefined && !isStopped; person = people.shift()) {
      const { conversation, of } = person;
      const end = Math.min(person.written + of.between(1, MAX_IN_A_ROW), options.messagesEach);
      for (; person.written < end; person.written += 1)
        await say(createMessage(conversation, person.written, of), of);
      if (person.written < options.messagesEach) people.push(person);
    }
  };

  return {
    allow: (share) => {
      allowed = Math.min(Math.ceil(share * total), total);
    },
    progress: () => settled / total,
    pushed: () => settled,
    async pushAll() {
      await Promise.all(Array.from({ length: WRITERS }, write));
    },
    stop() {
      isStopped = true;
    },
    async pushWhatWasLost() {
      const count = lost.length;
      const ofOne = groupBy(lost.splice(0), ({ conversation }) => conversation);
      const pushInOrder = async (messages: readonly Message[]) => {
        for (const message of messages) {
          await waitUntil(`message ${message.id} is acknowledged`, () => gateway.push(message), {
            timeoutMs: 60_000,
          });
        }
      };
      await Promise.all([...ofOne.values()].map(pushInOrder));
      return count;
    },
  };
}

function createMessage(conversation: number, index: number, random: Random): Message {
  const id = `${1000 + conversation}${String(index).padStart(3, "0")}`;
  const wait = random.chance(0.5) ? ` wait=${random.between(20, 150) / 1000}` : "";
  const lines = random.chance(LONG_ANSWER_CHANCE) ? random.between(40, 90) : 1;
  return { conversation: `user${conversation}`, id, text: `${id}${wait} lines=${lines}` };
}
