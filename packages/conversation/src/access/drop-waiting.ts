import type { Redis } from "ioredis";
import { parseConversationId } from "../conversation-ref.ts";
import type { Keys } from "../keys.ts";
import type { Cause, TurnControl } from "../turn-control.ts";
import type { AppRef } from "./access-keys.ts";
import { foldUserId } from "./user-list.ts";

interface Deps {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly turnControl: Pick<TurnControl, "clear">;
}

/**
 * Drops what a person wrote before the cause and no turn has begun with, their background tasks included.
 * Returns the ids of the messages. A turn that runs is left to end.
 */
export async function dropWaiting(deps: Deps, app: AppRef, userId: string, cause: Cause): Promise<string[]> {
  const { redis, keys, turnControl } = deps;
  // By who has work, not by name: WeCom ignores case in user ids, the name of a conversation does not.
  const busy = await redis.zrange(keys.pendingTurns, "0", "-1");
  const theirs = busy.filter((conversation) => isOf(conversation, app, userId));
  const dropped = await Promise.all(theirs.map((conversation) => turnControl.clear(conversation, cause)));
  return dropped.flat();
}

function isOf(conversation: string, app: AppRef, userId: string): boolean {
  const ref = parseConversationId(conversation);
  // A background task's name follows a zero character, which no user id contains.
  const [person = ""] = ref.userId.split("\u0000", 1);
  return (
    ref.corpId === app.corpId && ref.agentId === app.agentId && foldUserId(person) === foldUserId(userId)
  );
}
