import type { Fence } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import { runningCard } from "../cards/run-card.ts";
import { personOf } from "../conversations.ts";
import { planReply } from "../delivery/plan-reply.ts";
import { noticeId } from "../progress/notice-id.ts";
import type { Notices } from "../progress/notices.ts";
import { countDue, startNotices } from "../progress/notices.ts";
import { durationText } from "../texts/duration.ts";
import { labelBackground } from "./label-background.ts";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";

/** What a turn tells the person beside its reply goes to the outbox, as long as the turn is ours. */
export function createTurnNotices(active: ActiveTurn, fence: Fence, deps: TurnDeps): Notices {
  const ref = parseConversationId(active.conversation);
  return startNotices({
    texts: active.app.texts,
    afterSeconds: deps.settings.noticeAfterSeconds,
    startedAtMs: active.startedAtMs,
    ...(active.again !== undefined ? { earlier: () => findEarlierNotice(active, deps) } : {}),
    now: deps.now,
    logger: deps.logger,
    ...(active.app.cards === true ? { card: runCard(active, deps) } : {}),
    async send(name, { text, card, updates = [] }, { kind, recalls }) {
      const id = noticeId(active.id, name);
      const plan = planReply({
        id,
        kind,
        conversation: personOf(ref),
        messageIds: active.messageIds,
        text: text === "" ? "" : labelBackground(ref, active.app.texts, text),
        messages: card === undefined ? [] : [card],
        createdAtMs: deps.now(),
      });
      await deps.notify({ ...plan, recalls, updates }, fence);
      return id;
    },
  });
}

/** The progress notice that an earlier attempt left on the screen: the last one that it stored. */
export async function findEarlierNotice(
  { id, startedAtMs }: ActiveTurn,
  { settings, outbox, now }: Pick<TurnDeps, "settings" | "outbox" | "now">,
): Promise<readonly string[]> {
  let index = countDue(settings.noticeAfterSeconds, now() - startedAtMs);
  while (index-- > 0) {
    const notice = noticeId(id, String(index));
    if ((await outbox.read(notice)) !== undefined) return [notice];
  }
  return [];
}

function runCard(
  active: ActiveTurn,
  deps: TurnDeps,
): NonNullable<Parameters<typeof startNotices>[0]["card"]> {
  const { texts } = active.app;
  const { cardAfterSeconds: afterSeconds } = deps.settings;
  const fallback = texts.turn.working({ elapsed: durationText(texts, afterSeconds * 1000) });
  return {
    afterSeconds,
    make: (doing) => {
      const card = runningCard({ turnId: active.id, about: active.about }, doing, texts);
      return { body: { msgtype: "template_card", template_card: card }, fallback };
    },
  };
}
