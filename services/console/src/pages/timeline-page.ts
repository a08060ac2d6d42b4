import type { StoredTimelineEvent, Timeline } from "@gateway/conversation";
import { digestTimeline, parseConversationId, QUEUE_NAMES } from "@gateway/conversation";
import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import { describeEvent } from "../timeline/describe-event.ts";
import { measureTimeline } from "../timeline/measure-timeline.ts";
import type { MessageContent } from "../timeline/read-content.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import { renderContent } from "./message-content.ts";
import { renderState } from "./state-badge.ts";
import { renderTime } from "./time.ts";

export interface TimelineView {
  readonly language: Language;
  readonly timeline: Timeline;
  readonly content: MessageContent | undefined;
  readonly showsContent: boolean;
}

export function renderTimelinePage(view: TimelineView & { operator: SignedIn }): string {
  const { id, events } = view.timeline;
  const { timeline: texts } = textsOf(view.language);
  const path = `/messages/${encodeURIComponent(id)}`;
  const isOver = events.length === 0 || digestTimeline(view.timeline).endedAtMs !== undefined;
  return renderPage(
    { language: view.language, title: texts.messages, operator: view.operator, path, section: "messages" },
    html`<main${!isOver && html` data-refresh="${path}/timeline"`}>${renderTimeline(view)}</main>`,
  );
}

/** The part of the page that is fetched again while the message is under way. */
export function renderTimeline(view: TimelineView): Html {
  const { timeline, language } = view;
  const { timeline: texts } = textsOf(language);
  if (timeline.events.length === 0) {
    return html`<section class="card empty"><h1>${texts.notFound}</h1><p class="quiet">${texts.notFoundDetail}</p><p class="mono quiet">${timeline.id}</p></section>`;
  }
  return html`${renderHead(timeline, language)}
${renderFigures(timeline, language)}
<section class="card"><ol class="timeline">${timeline.events.map((event, index) => renderEvent(event, index, view))}</ol></section>
${view.content === undefined ? html`<p class="hint">${texts.hidden}</p>` : renderContent(view.content, language)}
${renderJobs(timeline, language)}`;
}

function renderHead(timeline: Timeline, language: Language): Html {
  const { state, conversation, app, kind, startedAtMs } = digestTimeline(timeline);
  const place = conversation === undefined ? undefined : parseConversationId(conversation);
  const facts = [app, place && `${place.corpId} / ${place.agentId}`, kind].filter(
    (fact) => fact !== undefined,
  );
  return html`<section class="head">
  <h1>${place?.userId.split("\u0000", 1)[0] ?? timeline.id} ${renderState(state, language)}</h1>
  <p class="quiet">${facts.join(" · ")}${startedAtMs !== undefined && html` · ${renderTime(startedAtMs, language, "moment")}`}</p>
  <p class="mono quiet">${timeline.id}</p>
</section>`;
}

function renderFigures(timeline: Timeline, language: Language): Html {
  const { timeline: texts, preciseDuration } = textsOf(language);
  const { waitedMs, ranMs, deliveryMs, totalMs, sends } = measureTimeline(timeline);
  const tile = (label: string, figure: string | number) =>
    html`<div class="card tile small"><span class="label">${label}</span><strong>${figure}</strong></div>`;
  const time = (label: string, ms: number | undefined) =>
    tile(label, ms === undefined ? "–" : preciseDuration(ms));
  return html`<section class="tiles">${time(texts.waited, waitedMs)}${time(texts.ran, ranMs)}${time(texts.delivery, deliveryMs)}${time(texts.total, totalMs)}${tile(texts.attempts, sends)}</section>`;
}

function renderEvent(event: StoredTimelineEvent, index: number, { timeline, language }: TimelineView): Html {
  const { timeline: texts, preciseDuration } = textsOf(language);
  const [first] = timeline.events;
  const isFirstClaim = timeline.events.findIndex(({ type }) => type === "claimed") === index;
  const sinceMs = first === undefined ? 0 : event.atMs - first.atMs;
  const { title, tone, detail, code, remedy } = describeEvent(
    event,
    language,
    isFirstClaim ? sinceMs : undefined,
  );
  const link = linkOf(event);
  return html`<li class="${tone}">
  <span class="when">${renderTime(event.atMs, language, "clock")}${index > 0 && html`<span class="since">+${preciseDuration(sinceMs)}</span>`}</span>
  <div><strong class="what">${title}</strong>${code !== undefined && html` <code>${code}</code>`}
  ${detail !== undefined && html`<p>${detail}</p>`}
  ${remedy !== undefined && html`<p class="remedy"><b>${texts.whatToDo}:</b> ${remedy}</p>`}
  ${link !== undefined && html`<p><a href="${link}">${event.type === "joined" ? texts.mainMessage : link.split("/").map(decodeURIComponent).at(-1)}</a></p>`}</div>
</li>`;
}

/** Where the story goes on, or came from. */
function linkOf(event: StoredTimelineEvent): string | undefined {
  const to = (id: string | undefined) =>
    id === undefined ? undefined : `/messages/${encodeURIComponent(id)}`;
  if (event.type === "joined") return to(event.turnId.replace(/^re-/, ""));
  if (event.type === "dead") return `/dead/${encodeURIComponent(event.deadId)}`;
  return event.type === "again" ? to(event.of) : undefined;
}

function renderJobs({ id, events }: Timeline, language: Language): Html {
  const { timeline: texts } = textsOf(language);
  const job = (queue: string, jobId: string) =>
    html`<a href="/queues/queue/${queue}/${encodeURIComponent(jobId)}">${queue}</a>`;
  const dead = events.flatMap((event) => (event.type === "dead" ? [event.deadId] : []));
  return html`<p class="hint jobs">${texts.jobs}: ${job(QUEUE_NAMES.inbound, id)}${[...new Set(dead)].map((deadId) => html` · ${job(QUEUE_NAMES.dead, deadId)}`)}</p>`;
}
