import { QUEUE_NAMES } from "@gateway/conversation";
import type { SignedIn } from "../auth/require-session.ts";
import { describeCode } from "../codes/describe-code.ts";
import type { Language } from "../i18n/language.ts";
import type { Texts } from "../i18n/texts.ts";
import { queueTextOf, textsOf } from "../i18n/texts.ts";
import type { Concern } from "../overview/find-concerns.ts";
import { findConcerns } from "../overview/find-concerns.ts";
import type { BrokenApp, Overview, QueueFigures } from "../overview/read-overview.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";

export function renderOverviewPage(view: {
  language: Language;
  operator: SignedIn;
  overview: Overview;
  showsContent: boolean;
}): string {
  const texts = textsOf(view.language);
  return renderPage(
    {
      language: view.language,
      title: texts.overview,
      operator: view.operator,
      path: "/",
      section: "overview",
    },
    html`<main data-refresh="/overview">${renderOverview(view.overview, view.language, view.showsContent)}</main>`,
  );
}

/** The part of the page that is fetched again every few seconds. */
export function renderOverview(overview: Overview, language: Language, showsContent: boolean): Html {
  const texts = textsOf(language);
  return html`${renderConcerns(findConcerns(overview), texts, language)}
<section class="tiles">${renderTiles(overview, texts)}</section>
<section class="card">
  <h2>${texts.queues}</h2>
  <div class="scroll"><table>
    <thead><tr><th>${texts.queue}</th>${[texts.waiting, texts.active, texts.delayed, texts.failed, texts.oldestWaiting].map((title) => html`<th class="figure">${title}</th>`)}</tr></thead>
    <tbody>${overview.queues.map((queue) => renderQueue(queue, texts))}</tbody>
  </table></div>
</section>
<p class="hint">${showsContent ? texts.contentShown : texts.contentHidden}</p>`;
}

function renderConcerns(concerns: readonly Concern[], texts: Texts, language: Language): Html {
  const isAlarm = concerns.some((concern) => concern.severity === "alarm");
  const tone = isAlarm ? "alarm" : concerns.length > 0 ? "notice" : "well";
  const title = concerns.length === 0 ? texts.allWell : texts.needsAttention;
  // Without ages, which are others every few seconds.
  const said = concerns.length === 0 ? title : `${title}: ${concerns.length}`;
  return html`<section class="status ${tone}" data-announce="${said}">
  <span class="dot"></span>
  <div><h1>${title}</h1>
  ${
    concerns.length === 0
      ? html`<p>${texts.allWellDetail}</p>`
      : html`<ul>${concerns.map((concern) => html`<li>${describe(concern, texts, language)}</li>`)}</ul>`
  }</div>
</section>`;
}

/** What the log says of it is in English, and knows more: the very address that WeCom does not trust. */
function describeBroken(app: BrokenApp, texts: Texts, language: Language): string {
  // A token that is no longer valid breaks no app: 40001 is the secret here.
  const known = describeCode(app.code, language, "gettoken");
  const [address] = /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(app.whatToDo) ?? [];
  const remedy = language === "en" ? app.whatToDo : (known?.remedy ?? app.whatToDo);
  const whatToDo = address === undefined || remedy.includes(address) ? remedy : `${remedy} (${address})`;
  const cause = (known?.cause ?? app.cause).replace(/[.。]$/u, "");
  return texts.appBroken({ app: app.name, sinceMs: app.sinceMs, cause, whatToDo });
}

function describe(concern: Concern, texts: Texts, language: Language): string {
  switch (concern.kind) {
    case "no_workers":
      return texts.noWorkers;
    case "broken_app":
      return describeBroken(concern.app, texts, language);
    case "broken_agent":
      return texts.agentBroken(concern.agent);
    case "dead_letters":
      return texts.deadLettersFound(concern.count);
    case "failed_jobs":
      return texts.failedJobsFound(concern.count);
    case "paused":
      return texts.queuePaused(concern.queue);
    case "slow_start":
      return texts.slowStart(concern.queue, concern.ageMs);
  }
}

function renderTiles(overview: Overview, texts: Texts): Html[] {
  const { turns, deliveries, deadLetters, workersAlive } = overview;
  const running = overview.queues.find((queue) => queue.name === QUEUE_NAMES.turns);
  const age = (ms: number | undefined, otherwise: string) =>
    ms === undefined ? otherwise : texts.oldest(ms);
  const longestMs = running?.longestActiveMs;
  return [
    tile(texts.conversationsWaiting, turns.conversations, age(turns.oldestMs, texts.nothingWaiting)),
    tile(
      texts.agentsRunning,
      running?.active ?? 0,
      longestMs === undefined ? texts.idle : texts.longest(longestMs),
    ),
    tile(texts.repliesWaiting, deliveries.conversations, age(deliveries.oldestMs, texts.nothingWaiting)),
    tile(
      texts.deadLetters,
      deadLetters,
      deadLetters === 0 ? texts.noDeadLetters : html`<a href="/dead">${texts.lookAtThem}</a>`,
      deadLetters > 0,
    ),
    tile(
      texts.workersAlive,
      workersAlive,
      workersAlive > 0 ? texts.workersSeen : texts.startWorker,
      workersAlive === 0,
    ),
  ];
}

function tile(label: string, figure: number, detail: string | Html, isBad = false): Html {
  return html`<div class="card tile${isBad && " bad"}"><span class="label">${label}</span><strong>${figure}</strong><span class="quiet detail">${detail}</span></div>`;
}

function renderQueue(queue: QueueFigures, texts: Texts): Html {
  const text = queueTextOf(texts, queue.name);
  const figure = (value: number, tone = "") =>
    html`<td class="figure ${value === 0 ? "zero" : tone}">${value}</td>`;
  const oldest = queue.oldestWaitingMs === undefined ? "–" : texts.duration(queue.oldestWaitingMs);
  return html`<tr>
  <td><a href="/queues/queue/${encodeURIComponent(queue.name)}">${text?.title ?? queue.name}</a>${queue.isPaused && html` <span class="badge">${texts.paused}</span>`}
    <span class="about">${text?.about ?? ""}</span></td>
  ${figure(queue.waiting, queue.name === QUEUE_NAMES.dead ? "bad" : "")}${figure(queue.active, "live")}${figure(queue.delayed)}${figure(queue.failed, "bad")}
  <td class="figure${queue.oldestWaitingMs === undefined && " zero"}">${oldest}</td>
</tr>`;
}
