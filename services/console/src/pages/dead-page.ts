import type { DeadLetter, TimelineApp } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { SignedIn } from "../auth/require-session.ts";
import { describeCode } from "../codes/describe-code.ts";
import type { DeadOutcome } from "../dead/dead-outcome.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage, renderToken } from "./layout.ts";
import { renderMessagePage } from "./message-page.ts";
import { renderTime } from "./time.ts";

export interface DeadView {
  readonly language: Language;
  readonly operator: SignedIn;
  readonly path: string;
  readonly letters: readonly DeadLetter[];
  readonly total: number;
  readonly page: { readonly offset: number; readonly limit: number };
  readonly apps: readonly TimelineApp[];
  readonly outcome: DeadOutcome | undefined;
}

export function renderDeadPage(view: DeadView): string {
  const { language, operator, path, letters } = view;
  const texts = textsOf(language);
  return renderPage(
    { language, title: texts.deadLetters, operator, path, section: "dead" },
    html`<main>
<section class="head"><h1>${texts.deadLetters}${view.total > 0 && html` <span class="state alarm">${view.total}</span>`}</h1><p class="quiet">${texts.dead.about}</p></section>
${view.outcome !== undefined && renderOutcome(view.outcome, language)}
${
  letters.length === 0
    ? html`<section class="card empty"><h2>${texts.dead.none}</h2><p class="quiet">${texts.dead.noneDetail}</p></section>`
    : renderLetters(view)
}
${renderPaging(view)}
</main>`,
  );
}

export function renderGonePage(view: { language: Language; operator: SignedIn; path: string }): string {
  const { dead } = textsOf(view.language);
  return renderMessagePage({ ...view, title: dead.gone, detail: dead.goneDetail });
}

function renderOutcome({ done, count, kept }: DeadOutcome, language: Language): Html {
  const { dead } = textsOf(language);
  const nothing = count === 0 && kept.length === 0;
  const said = done === "replayed" ? dead.replayedNow(count) : dead.droppedNow(count);
  return html`<section class="status ${kept.length > 0 || nothing ? "notice" : "well"}" role="status"><span class="dot"></span><div>
  ${count > 0 && html`<h1>${said}</h1>`}${nothing && html`<h1>${dead.noneSelected}</h1>`}
  ${kept.length > 0 && html`<p>${dead.keptNow(kept.length)}</p><ul>${[...new Set(kept)].map((why) => html`<li>${dead.why[why]}</li>`)}</ul>`}
</div></section>`;
}

function renderLetters(view: DeadView): Html {
  const { dead, ...texts } = textsOf(view.language);
  return html`<form method="post" action="/dead/replay" class="card">${renderToken(view.operator.csrf)}
  <div class="scroll"><table class="dead">
    <thead><tr><th></th><th>${dead.who}</th><th>${dead.reason}</th><th>${dead.when}</th><th></th></tr></thead>
    <tbody>${view.letters.map((letter) => renderLetter(letter, view))}</tbody>
  </table></div>
  <div class="actions"><button class="primary">${dead.replay}</button><button class="danger" formaction="/dead/drop">${dead.drop}</button><span class="hint">${dead.replayHint}</span></div>
</form>
<p class="hint">${texts.timeline.hidden}</p>`;
}

function renderLetter(letter: DeadLetter, { language, apps, letters }: DeadView): Html {
  const { dead, timeline: texts } = textsOf(language);
  const { corpId, agentId, userId } = parseConversationId(letter.conversation);
  const app = apps.find((one) => one.corpId === corpId && one.agentId === agentId);
  const known = describeCode(letter.code, language);
  const [messageId] = letter.messageIds;
  const { parts } = letter;
  return html`<tr>
  <td><input type="checkbox" name="id" value="${letter.id}" aria-label="${dead.select(letter.id)}"${letters.length === 1 && html` checked`}></td>
  <td><b>${userId.split("\u0000", 1)[0]}</b><span class="about">${app?.name ?? `${corpId} / ${agentId}`}</span></td>
  <td><b>${known?.cause ?? letter.reason}</b> <code>${letter.code}</code>
    ${known !== undefined && letter.what === "message" && html`<span class="about">${letter.reason}</span>`}
    ${known !== undefined && html`<p class="remedy"><b>${texts.whatToDo}:</b> ${known.remedy}</p>`}</td>
  <td>${renderTime(letter.atMs, language, "moment")}<span class="about">${dead.what[letter.what]}${parts !== undefined && html`, ${dead.partsSent(parts.sent, parts.total)}`}</span></td>
  <td>${messageId !== undefined && html`<a href="/messages/${encodeURIComponent(messageId)}">${texts.messages} →</a>`}</td>
</tr>`;
}

function renderPaging({ language, page: { offset, limit }, total }: DeadView): Html | undefined {
  const { timeline: texts } = textsOf(language);
  const [hasNewer, hasOlder] = [offset > 0, offset + limit < total];
  if (!hasNewer && !hasOlder) return undefined;
  return html`<nav class="paging">${hasNewer && html`<a href="/dead?offset=${Math.max(0, offset - limit)}">← ${texts.newer}</a>`}${hasOlder && html`<a href="/dead?offset=${offset + limit}">${texts.older} →</a>`}</nav>`;
}
