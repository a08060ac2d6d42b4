import { setTimeout as sleep } from "node:timers/promises";
import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";
import type { Random } from "./random.ts";

/** WeCom pushes a message three times at most (WeCom doc 90930). */
const PUSH_ATTEMPTS = 3;
const RETRY_AFTER_MS = 500;
/** WeCom thinks that an acknowledged message was not received. */
const DUPLICATE_CHANCE = 0.05;
const LONG_ANSWER_CHANCE = 0.08;
const LIMIT_MS = 1_200_000;

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
  pushAll(): Promise<void>;
  /** As an operator would: what WeCom gave up is pushed again until it is acknowledged. Returns how many. */
  pushWhatWasLost(): Promise<number>;
}

export function createLoad(
  gateway: FaultStack,
  options: { conversations: number; messagesEach: number },
  random: Random,
): Load {
  const total = options.conversations * options.messagesEach;
  const lost: Message[] = [];
  let allowed = 0;
  let begun = 0;
  let settled = 0;

  const push = (message: Message, of: Random) => gateway.push(message, of.between(0, 1));
  const pushLikeWecom = async (message: Message, of: Random): Promise<boolean> => {
    for (let attempt = 1; attempt <= PUSH_ATTEMPTS; attempt += 1) {
      if (await push(message, of)) return true;
      await sleep(RETRY_AFTER_MS);
    }
    return false;
  };
  const converse = async (conversation: number) => {
    const of = random.fork(`conversation ${conversation}`);
    for (let index = 0; index < options.messagesEach; index += 1) {
      const message = createMessage(conversation, index, of);
      await waitUntil("pushing may go on", () => begun < allowed, { timeoutMs: LIMIT_MS });
      begun += 1;
      const acknowledged = await pushLikeWecom(message, of);
      settled += 1;
      if (!acknowledged) lost.push(message);
      else if (of.chance(DUPLICATE_CHANCE)) await push(message, of);
    }
  };

  return {
    allow: (share) => {
      allowed = Math.min(Math.ceil(share * total), total);
    },
    progress: () => settled / total,
    async pushAll() {
      await Promise.all(Array.from({ length: options.conversations }, (_, index) => converse(index)));
    },
    async pushWhatWasLost() {
      const count = lost.length;
      for (const message of lost.splice(0)) {
        await waitUntil(`message ${message.id} is acknowledged`, () => gateway.push(message), {
          timeoutMs: 60_000,
        });
      }
      return count;
    },
  };
}

function createMessage(conversation: number, index: number, random: Random): Message {
  const id = `${1000 + conversation}${String(index).padStart(3, "0")}`;
  const wait = random.between(20, 150) / 1000;
  const lines = random.chance(LONG_ANSWER_CHANCE) ? random.between(40, 90) : 1;
  return { conversation: `user${conversation}`, id, text: `${id} wait=${wait} lines=${lines}` };
}
