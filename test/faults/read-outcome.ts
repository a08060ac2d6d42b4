import { createQueue, QUEUE_NAMES } from "@gateway/conversation";
import type { Redis } from "ioredis";
import { createLeakWatch, plantSecret } from "../support/planted-secrets.ts";
import type { Stack } from "../support/stack.ts";
import { nameConversation } from "./conversation-names.ts";
import type { HistoryEvent } from "./history.ts";
import { msgIdOf } from "./reply-lines.ts";

const FATES = {
  delivered: "shown",
  suppressed_duplicate: "suppressed",
  dropped_minute_limit: "dropped",
  dropped_hour_limit: "dropped",
} as const;

/** Everything that WeCom received from any app. */
export function readSends({ emulator }: Stack): HistoryEvent[] {
  return emulator.sent().flatMap(({ appName, request, receivers, atMs }) =>
    receivers.map(({ userId, status }) => ({
      type: "send" as const,
      conversation: nameConversation(appName, userId),
      fate: FATES[status],
      body: `${appName} ${JSON.stringify(request)}`,
      text: textOf(request),
      atMs,
    })),
  );
}

/** What a person reads of a request. */
export function textOf(request: Readonly<Record<string, unknown>>): string {
  const { text, markdown } = request as { text?: { content?: string }; markdown?: { content?: string } };
  return text?.content ?? markdown?.content ?? "";
}

export async function readDeadLetters(redis: Redis, prefix: string): Promise<HistoryEvent[]> {
  const queue = createQueue(QUEUE_NAMES.dead, { connection: redis, prefix });
  const jobs = await queue.getJobs(["waiting", "delayed", "active"], 0, -1);
  await queue.close();
  return jobs.map(({ data, timestamp: atMs }) => {
    const { what, messageIds, code } = data as {
      what: "message" | "reply";
      messageIds: string[];
      code: string;
    };
    return { type: "dead-letter", what, messages: messageIds.map(msgIdOf), code, atMs };
  });
}

/** Access tokens are known only now: nobody could watch for them while the services printed. */
export async function lookForTokens(redis: Redis, { prefix, logs }: Stack): Promise<void> {
  const keys = await redis.keys(`${prefix}:access-token:*:token`);
  for (const key of keys) plantSecret("an access token", (await redis.hget(key, "token")) ?? "");
  createLeakWatch("a service")(logs());
}
