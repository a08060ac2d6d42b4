import { waitUntil } from "../support/wait-until.ts";
import type { FaultStack } from "./fault-stack.ts";

/** One person and what the agent of these tests tells them. */
export interface Conversation {
  readonly conversation: string;
  /** Sends a message, through the first ingress unless another is named, and returns its id. */
  say(words: string, replica?: number): Promise<string>;
  answered(id: string, timeoutMs?: number): Promise<unknown>;
  /** How many of the messages shown so far say so. */
  told(what: RegExp): number;
}

/** Every call of what is returned begins a conversation with somebody new. */
export function conversationsOf(gateway: FaultStack): () => Conversation {
  let users = 0;
  return () => {
    users += 1;
    const conversation = `user${users}`;
    const first = users * 1000;
    let messages = 0;
    return {
      conversation,
      async say(words, replica = 0) {
        messages += 1;
        const id = `${first + messages}`;
        const isAcknowledged = await gateway.push({ conversation, id, text: `${id} ${words}` }, replica);
        if (!isAcknowledged) throw new Error(`${id} was not acknowledged`);
        return id;
      },
      answered: (id, timeoutMs = 60_000) =>
        waitUntil(`${id} is answered`, () => gateway.shown(conversation).includes(`${id} 1/1`), {
          timeoutMs,
          describe: () => `${gateway.shown(conversation).join("\n")}\n${gateway.stack.logs().slice(-5000)}`,
        }),
      told: (what) => gateway.shown(conversation).filter((text) => what.test(text)).length,
    };
  };
}
