import type { StoredTimelineEvent } from "@gateway/conversation";
import { describeCode } from "../codes/describe-code.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";

/** An event as a person reads it. */
export interface EventText {
  readonly title: string;
  readonly tone: "plain" | "live" | "well" | "notice" | "alarm";
  readonly detail?: string | undefined;
  /** What to do, where something went wrong. */
  readonly remedy?: string | undefined;
  readonly code?: string | undefined;
}

type EventOf<Type extends StoredTimelineEvent["type"]> = Extract<StoredTimelineEvent, { type: Type }>;

/** `waitedMs`: how long the message had waited when this event, the first claim, came. */
export function describeEvent(event: StoredTimelineEvent, language: Language, waitedMs?: number): EventText {
  const { timeline, preciseDuration } = textsOf(language);
  const texts = timeline.events;
  switch (event.type) {
    case "accepted":
      return { title: event.lane === "turn" ? texts.accepted : texts.acceptedControl, tone: "plain" };
    case "requested":
      return { title: texts.requested, tone: "plain" };
    case "again":
      return { title: texts.again(event.by), tone: "plain" };
    case "claimed": {
      const detail = waitedMs === undefined ? undefined : texts.waited(preciseDuration(waitedMs));
      return { title: texts.claimed(event.attempt, event.messages), tone: "live", detail };
    }
    case "joined":
      return { title: texts.joined, tone: "well" };
    case "released":
      return { title: texts.released, tone: "notice" };
    case "run_started":
      return { title: texts.runStarted(event.runner), tone: "live" };
    case "run_ended":
      return describeRunEnd(event, language);
    case "planned":
      return { title: texts.planned(texts.kinds[event.kind], event.parts), tone: "plain" };
    case "no_reply":
      return { title: texts.noReply, tone: "well" };
    case "held":
      return { title: texts.held, tone: "notice", detail: texts.heldWhy[event.why] ?? event.why };
    case "send":
      return describeSend(event, language);
    case "finished":
      return describeFinish(event, language);
    case "recalled":
      return { title: event.ok ? texts.recalled : texts.notRecalled, tone: "plain" };
    case "card_updated":
      return { title: event.ok ? texts.cardUpdated : texts.cardNotUpdated, tone: "plain" };
    case "dead":
      return { title: texts.dead, tone: "alarm", ...explain(event.code, language) };
    case "replayed":
      return { title: texts.replayed(event.by), tone: "plain", detail: event.as.join(", ") };
    case "dropped":
      return { title: texts.dropped(event.by), tone: "plain" };
    case "cleared":
      return { title: event.why === "revoked" ? texts.clearedRevoked : texts.cleared, tone: "notice" };
    case "omitted":
      return { title: texts.omitted(event.count), tone: "plain" };
    default:
      return event satisfies never;
  }
}

function describeRunEnd(event: EventOf<"run_ended">, language: Language): EventText {
  const { timeline, preciseDuration } = textsOf(language);
  const { events: texts } = timeline;
  const ms = preciseDuration(event.ms);
  if (event.result === "done") return { title: texts.runDone(ms), tone: "well" };
  if (event.stopped !== undefined)
    return { title: texts.runStopped(texts.stops[event.stopped] ?? event.stopped, ms), tone: "notice" };
  // What to do stands with the dead letter that comes of it; before that it is tried again.
  const { code, detail } = explain(event.code, language);
  return { title: texts.runFailed(ms), tone: "alarm", code, detail };
}

function describeSend(event: EventOf<"send">, language: Language): EventText {
  const { timeline, preciseDuration } = textsOf(language);
  const { events: texts } = timeline;
  const isNotice = event.kind === "notice";
  const what = isNotice ? texts.kinds.notice : timeline.part(event.part + 1, event.parts);
  const again = event.attempt > 1 ? `${texts.attempt(event.attempt)}, ` : "";
  const detail = `${again}${preciseDuration(event.ms)}`;
  switch (event.outcome) {
    case "sent":
      return { title: texts.sent(what), tone: isNotice ? "plain" : "well", detail };
    case "refused":
      return { title: texts.refused(what), tone: "alarm", ...explain(event.code, language, detail) };
    case "not_sent":
      return { title: texts.notSent(what), tone: "notice", ...explain(event.code, language, detail) };
    case "unknown":
      return { title: texts.unknown(what), tone: "notice", ...explain(event.code, language, detail) };
    default:
      return event.outcome satisfies never;
  }
}

function describeFinish({ kind, status }: EventOf<"finished">, language: Language): EventText {
  const { events: texts } = textsOf(language).timeline;
  if (status === "skipped") return { title: texts.skipped, tone: "plain" };
  if (status === "failed") return { title: texts.failed, tone: "alarm" };
  return kind === "notice"
    ? { title: texts.noticeDelivered, tone: "plain" }
    : { title: texts.delivered, tone: "well" };
}

function explain(code: string | undefined, language: Language, detail?: string) {
  const known = code === undefined ? undefined : describeCode(code, language);
  const parts = [known?.cause, detail].filter((part) => part !== undefined);
  return { code, detail: parts.length === 0 ? undefined : parts.join(" · "), remedy: known?.remedy };
}
