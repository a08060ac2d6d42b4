import type { CardUpdate, DeadJob, Fence, Outbox, StoredReply } from "@gateway/conversation";
import type { DeliveryDeps } from "./deliver-reply.ts";
import { deliverReply } from "./deliver-reply.ts";
import { undeliveredCard, undeliveredNotice } from "./undelivered.ts";
import type { CardDeps } from "./update-cards.ts";
import { updateCards } from "./update-cards.ts";

export type ConversationDelivery =
  | { readonly status: "done" }
  | { readonly status: "postponed"; readonly afterMs: number }
  | { readonly status: "lost" };

interface Deps extends DeliveryDeps, Omit<CardDeps, "outbox" | "logger"> {
  readonly outbox: Outbox;
  readonly bury: (job: DeadJob) => Promise<void>;
}

/** Sends a conversation's replies, oldest first, until the outbox is empty or has to wait. */
export async function deliverConversation(
  conversation: string,
  fence: Fence,
  deps: Deps,
): Promise<ConversationDelivery> {
  for (;;) {
    const head = await deps.outbox.head(conversation, fence);
    if (head.status === "lost") return head;
    if (head.status === "empty") return { status: "done" };
    // A notice that something newer follows is no news any more.
    if (head.reply?.kind === "notice" && head.waiting > 1 && isUntouched(head.reply)) {
      await updateCards(head.reply.updates, deps);
      if (!(await deps.outbox.finish(conversation, head.replyId, fence, "skipped")))
        return { status: "lost" };
      // What it was to replace is no news either, and nothing that follows knows of it.
      await recall(head.reply.recalls, deps);
      continue;
    }
    // A reply whose record is gone (retention, a hand in Redis) cannot be sent; its place is cleared.
    const result = head.reply === undefined ? missing() : await deliverReply(head.reply, fence, deps);
    if (result.status === "lost" || result.status === "postponed") return result;
    let updates = head.reply?.updates ?? [];
    if (result.status === "failed") {
      // The dead letter is written first: a crash in between writes it once more, under the same id.
      await deps.bury(deadReply(conversation, head.replyId, head.reply, result, deps.now()));
      deps.logger.error(
        { replyId: head.replyId, code: result.code, reason: result.reason },
        "reply dead-lettered",
      );
      updates = await tellUndelivered(head.reply, result.code, fence, deps);
    }
    // Before it is finished, so that whoever goes on after a crash does it again.
    await updateCards(updates, deps);
    if (!(await deps.outbox.finish(conversation, head.replyId, fence, result.status)))
      return { status: "lost" };
    await recall(head.reply?.recalls ?? [], deps);
  }
}

/** Returns what is to become of the reply's cards. */
async function tellUndelivered(
  reply: StoredReply | undefined,
  code: string,
  fence: Fence,
  { app, outbox, now }: Deps,
): Promise<readonly CardUpdate[]> {
  if (reply === undefined || app === undefined) return [];
  const notice = undeliveredNotice(reply, code, app.texts, now());
  if (notice === undefined) return reply.updates;
  await outbox.append(notice, fence);
  return reply.updates.map((update) => undeliveredCard(update, app.texts));
}

function isUntouched(reply: StoredReply): boolean {
  return reply.chunks.every(({ state }) => state === "pending");
}

/** Takes notices back that the reply just sent makes superfluous. Best effort: an old notice does no harm. */
async function recall(replyIds: readonly string[], deps: Deps): Promise<void> {
  for (const replyId of replyIds) {
    const reply = await deps.outbox.read(replyId);
    const msgIds = (reply?.chunks ?? []).flatMap(({ state, result }) =>
      state === "sent" && result !== undefined ? [result] : [],
    );
    for (const msgId of msgIds) {
      await deps
        .recall?.(msgId)
        .catch((error: unknown) =>
          deps.logger.warn({ replyId, err: error }, "a notice could not be recalled"),
        );
    }
  }
}

function missing() {
  return {
    status: "failed",
    code: "record_missing",
    reason: "The stored reply is gone from Redis.",
  } as const;
}

function deadReply(
  conversation: string,
  replyId: string,
  reply: StoredReply | undefined,
  result: { code: string; reason: string },
  atMs: number,
): DeadJob {
  return {
    v: 1,
    what: "reply",
    conversation,
    messageIds: [...(reply?.messageIds ?? [])],
    replyId,
    code: result.code,
    reason: result.reason,
    atMs,
  };
}
