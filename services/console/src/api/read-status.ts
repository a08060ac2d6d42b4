import type { Outbox, StoredReply, Timelines } from "@gateway/conversation";
import { digestTimeline } from "@gateway/conversation";
import type { z } from "zod";
import { describeCode } from "../codes/describe-code.ts";
import type { Language } from "../i18n/language.ts";
import { describeEvent } from "../timeline/describe-event.ts";
import { ApiError } from "./api-error.ts";
import type { messageStatusSchema, timelineSchema } from "./api-schemas.ts";

interface Deps {
  readonly outbox: Pick<Outbox, "read">;
  readonly timelines: Pick<Timelines, "read">;
}

/** A message's state and that of every part of its replies. @throws ApiError 404. */
export async function readStatus(
  id: string,
  language: Language,
  deps: Deps,
): Promise<z.input<typeof messageStatusSchema>> {
  const timeline = await readKnown(id, deps);
  const { state, app, conversation, code, startedAtMs, endedAtMs } = digestTimeline(timeline);
  const replyIds = timeline.events.flatMap((event) => {
    if (event.type === "planned" && event.kind !== "notice") return [event.replyId];
    return event.type === "replayed" ? event.as : [];
  });
  const replies = await Promise.all([...new Set(replyIds)].map((replyId) => deps.outbox.read(replyId)));
  return {
    ...{ id, state, app, conversation, code },
    ...{ startedAt: isoTime(startedAtMs), endedAt: isoTime(endedAtMs) },
    replies: replies.flatMap((reply) => (reply === undefined ? [] : [replyStatus(reply, language)])),
  };
}

/** @throws ApiError 404. */
export async function readTimelineTexts(
  id: string,
  language: Language,
  deps: Pick<Deps, "timelines">,
): Promise<z.input<typeof timelineSchema>> {
  const timeline = await readKnown(id, deps);
  return {
    id,
    state: digestTimeline(timeline).state,
    events: timeline.events.map((event) => {
      const { title, detail, code, remedy } = describeEvent(event, language);
      const text = detail === undefined ? title : `${title} (${detail})`;
      return { at: new Date(event.atMs).toISOString(), type: event.type, text, code, remedy };
    }),
  };
}

async function readKnown(id: string, { timelines }: Pick<Deps, "timelines">) {
  const timeline = await timelines.read(id);
  if (timeline.events.length > 0) return timeline;
  throw new ApiError(
    404,
    "message_unknown",
    "Nothing is known of this message: the id is wrong, or it is too old.",
  );
}

function replyStatus({ id, kind, chunks }: StoredReply, language: Language) {
  const parts = chunks.map(({ index, state, attempts, result }) => {
    if (state === "sent" || result === undefined) return { index, state, attempts };
    return { index, state, attempts, code: result, ...describeCode(result, language) };
  });
  return { id, kind, parts };
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
