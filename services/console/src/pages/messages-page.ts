import type { Timeline, TimelineApp } from "@gateway/conversation";
import { digestTimeline, parseConversationId } from "@gateway/conversation";
import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Search } from "../timeline/read-search.ts";
import { PAGE_SIZE } from "../timeline/read-search.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import { renderState } from "./state-badge.ts";
import { renderTime } from "./time.ts";

export interface MessagesView {
  readonly language: Language;
  readonly operator: SignedIn;
  readonly search: Search;
  readonly offset: number;
  readonly apps: readonly TimelineApp[];
  readonly timelines: readonly Timeline[];
  readonly hasOlder: boolean;
}

export function renderMessagesPage(view: MessagesView): string {
  const { timeline: texts } = textsOf(view.language);
  const path = addressOf(view.search, view.offset);
  return renderPage(
    { language: view.language, title: texts.messages, operator: view.operator, path, section: "messages" },
    html`<main>
<section class="head"><h1>${texts.messages}</h1><p class="quiet">${texts.messagesAbout}</p></section>
${renderSearch(view)}
<section class="card">${
      view.timelines.length === 0
        ? html`<div class="empty"><h2>${texts.noMessages}</h2><p class="quiet">${texts.noMessagesDetail}</p></div>`
        : renderTable(view)
    }</section>
${renderPaging(view)}
</main>`,
  );
}

function renderSearch({ language, search, apps }: MessagesView): Html {
  const texts = textsOf(language);
  const { timeline } = texts;
  const option = (value: string, label: string) =>
    html`<option value="${value}"${value === (search.app ?? "") && html` selected`}>${label}</option>`;
  return html`<form class="card search" method="get" action="/messages">
  <label>${texts.user}<input name="user" value="${search.user ?? ""}" maxlength="64" autocomplete="off"></label>
  <label>${timeline.app}<select name="app">${option("", timeline.allApps)}${apps.map(({ corpId, agentId, name }) => option(`${corpId}:${agentId}`, name))}</select></label>
  <label>${timeline.from}<input type="datetime-local" name="from" value="${search.from ?? ""}"></label>
  <label>${timeline.to}<input type="datetime-local" name="to" value="${search.to ?? ""}"></label>
  <label class="wide">${timeline.id}<input name="id" maxlength="512" autocomplete="off" spellcheck="false"></label>
  <input type="hidden" name="zone" value="${-new Date().getTimezoneOffset()}">
  <button class="primary">${timeline.search}</button>
</form>`;
}

function renderTable({ timelines, language }: MessagesView): Html {
  const texts = textsOf(language);
  const { timeline } = texts;
  const titles = [timeline.received, texts.user, timeline.app, timeline.kind, timeline.state];
  return html`<div class="scroll"><table class="messages">
  <thead><tr>${titles.map((title) => html`<th>${title}</th>`)}<th class="figure">${timeline.took}</th></tr></thead>
  <tbody>${timelines.map((one) => renderRow(one, language))}</tbody>
</table></div>`;
}

function renderRow(timeline: Timeline, language: Language): Html {
  const { preciseDuration } = textsOf(language);
  const { state, conversation, app, kind, startedAtMs, endedAtMs, code } = digestTimeline(timeline);
  const place = conversation === undefined ? undefined : parseConversationId(conversation);
  const took = startedAtMs === undefined || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs;
  return html`<tr>
  <td><a href="/messages/${encodeURIComponent(timeline.id)}">${startedAtMs === undefined ? timeline.id : renderTime(startedAtMs, language, "moment")}</a><span class="about mono">${timeline.id}</span></td>
  <td>${place?.userId.split("\u0000", 1)[0] ?? "–"}</td>
  <td>${app ?? "–"}<span class="about">${place !== undefined && `${place.corpId} / ${place.agentId}`}</span></td>
  <td>${kind ?? "–"}</td>
  <td>${renderState(state, language)}${code !== undefined && html`<span class="about mono">${code}</span>`}</td>
  <td class="figure${took === undefined && " zero"}">${took === undefined ? "–" : preciseDuration(took)}</td>
</tr>`;
}

function renderPaging({ search, offset, hasOlder, language }: MessagesView): Html | undefined {
  const { timeline: texts } = textsOf(language);
  if (offset === 0 && !hasOlder) return undefined;
  return html`<nav class="paging">${offset > 0 && html`<a href="${addressOf(search, Math.max(0, offset - PAGE_SIZE))}">← ${texts.newer}</a>`}${hasOlder && html`<a href="${addressOf(search, offset + PAGE_SIZE)}">${texts.older} →</a>`}</nav>`;
}

function addressOf(search: Search, offset: number): string {
  const fields = Object.entries({ ...search, offset: offset === 0 ? undefined : offset });
  const query = new URLSearchParams(
    fields.flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString();
  return query === "" ? "/messages" : `/messages?${query}`;
}
