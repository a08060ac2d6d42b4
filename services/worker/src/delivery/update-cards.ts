import type { CardUpdate, Outbox, StoredReply } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { TemplateCard, UpdateTemplateCardRequest } from "@gateway/wecom-client";
import { templateCardSchema, WecomError } from "@gateway/wecom-client";
import type { Logger } from "pino";

/** WeCom doc 94888: the code is spent or older than 72 hours. */
const CODE_SPENT = 60140;
/** A card is decoration: the replies behind it do not wait for it longer than these pauses. */
const PAUSES_MS = [300, 1200];
const PASSING: readonly WecomError["kind"][] = ["not_sent", "busy", "token", "unknown"];

export interface CardDeps {
  readonly outbox: Pick<Outbox, "read">;
  readonly updateCard: ((request: UpdateTemplateCardRequest) => Promise<void>) | undefined;
  readonly recall: ((msgId: string) => Promise<void>) | undefined;
  readonly pause: (ms: number) => Promise<void>;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Shows cards in their final state. May be repeated after a crash: a spent code then says that it was done. Never fails
 * the reply that it comes with.
 */
export async function updateCards(updates: readonly CardUpdate[], deps: CardDeps): Promise<void> {
  for (const update of updates) {
    try {
      await updateOne(update, deps);
    } catch (error) {
      deps.logger.warn({ replyId: update.replyId, err: error }, "a card could not be updated");
    }
  }
}

async function updateOne(update: CardUpdate, deps: CardDeps): Promise<void> {
  const reply = await deps.outbox.read(update.replyId);
  // Left out because the answer was there first, or gone with its retention.
  if (reply === undefined || deps.updateCard === undefined) return;
  const sent = sentCard(reply);
  const codes = [update.responseCode, sent?.responseCode].filter((code) => code !== undefined);
  if (codes.length === 0) return takeBack(update, reply, deps);
  const { userId } = parseConversationId(reply.conversation);
  const card: TemplateCard = templateCardSchema.parse(update.card);
  const change = { card, buttonText: update.buttonText };
  for (const responseCode of codes) {
    const request = { userIds: [userId], responseCode, change };
    if (await isDone(() => deps.updateCard?.(request), deps.pause)) return;
  }
}

/** False when the code is spent; what does not pass is thrown. */
async function isDone(
  call: () => Promise<void> | undefined,
  pause: (ms: number) => Promise<void>,
): Promise<boolean> {
  for (const [index, pauseMs] of [...PAUSES_MS, undefined].entries()) {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof WecomError)) throw error;
      // Spent by an earlier try of ours whose answer was lost.
      if (error.errcode === CODE_SPENT) return index > 0;
      if (pauseMs === undefined || !PASSING.includes(error.kind)) throw error;
      await pause(pauseMs);
    }
  }
  return false;
}

function sentCard({ chunks }: StoredReply) {
  return chunks.find(({ state, responseCode }) => state === "sent" && responseCode !== undefined);
}

/** It went out as a text, or WeCom gave no code for it. */
async function takeBack({ orRecall }: CardUpdate, reply: StoredReply, { recall }: CardDeps): Promise<void> {
  if (orRecall !== true) return;
  for (const { state, result } of reply.chunks)
    if (state === "sent" && result !== undefined) await recall?.(result);
}
