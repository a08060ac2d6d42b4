import type { AccessRequest } from "@gateway/conversation/access";
import { showPairingCode } from "@gateway/conversation/access";
import type { AccessNotice } from "../access/access-forms.ts";
import { OPERATOR_MARK } from "../access/decide-access.ts";
import type { AppAccess, ConsoleAppConfig, LetIn } from "../access/read-access.ts";
import type { SignedIn } from "../auth/require-session.ts";
import type { AccessTexts } from "../i18n/access-texts.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage, renderToken } from "./layout.ts";
import { renderTime } from "./time.ts";

export interface PeopleView {
  readonly language: Language;
  readonly nowMs: number;
  readonly access: readonly AppAccess[];
  /** The part of a user id that is looked for. */
  readonly find: string;
  readonly operator: SignedIn;
}

export interface AccessView extends PeopleView {
  readonly notice: AccessNotice | undefined;
}

export function renderAccessPage(view: AccessView): string {
  const { language, operator, access, find, notice } = view;
  const { access: texts } = textsOf(language);
  const live = find === "" ? "/access/people" : `/access/people?find=${encodeURIComponent(find)}`;
  return renderPage(
    { language, title: texts.title, operator, path: "/access", section: "access" },
    html`<main>
${notice !== undefined && renderNotice(notice, texts)}
${
  access.length === 0
    ? html`<section class="card empty"><h1>${texts.noApps}</h1><p class="quiet">${texts.noAppsDetail}</p></section>`
    : html`<div class="stack" data-refresh="${live}">${renderPeople(view)}</div>
${renderFind(view, texts)}${renderAdmit(view, notice, texts)}`
}
</main>`,
  );
}

/** The part of the page that is fetched again every few seconds. */
export function renderPeople(view: PeopleView): Html {
  const { access, language } = view;
  const { access: texts } = textsOf(language);
  const waiting = access.reduce((sum, { requests }) => sum + requests.length, 0);
  const title = waiting > 0 ? texts.waitingPeople(waiting) : texts.nobodyWaits;
  return html`<section class="status ${waiting > 0 ? "notice" : "well"}" data-announce="${title}">
  <span class="dot"></span>
  <div><h1>${title}</h1><p>${waiting > 0 ? texts.waitingPeopleDetail : texts.nobodyWaitsDetail}</p></div>
</section>
${access.map((one) => renderApp(one, view, texts))}
${access.some(({ users }) => users.length > 0) && html`<p class="hint">${texts.revokeHint}</p>`}`;
}

function renderNotice({ kind, app, userId, droppedMessages }: AccessNotice, texts: AccessTexts): Html {
  const { outcomes } = texts;
  const text = outcomes[kind];
  const isDone = kind === "approved" || kind === "admitted" || kind === "revoked";
  const tone = isDone ? "well" : kind === "stillListed" ? "notice" : "alarm";
  const said = typeof text === "string" ? text : text(userId, app, droppedMessages);
  return html`<p class="said-so ${tone}" role="${tone === "alarm" ? "alert" : "status"}">${said}</p>`;
}

function renderApp(access: AppAccess, view: PeopleView, texts: AccessTexts): Html {
  const { app, requests, users, hiddenUsers } = access;
  return html`<section class="card">
  <div class="card-head"><h2>${app.name}</h2><span class="mono quiet">${texts.ofApp(app.corpId, app.agentId)}</span>
    <p class="about">${describePolicy(access, texts)}</p></div>
  <h3 class="part">${texts.waiting}${requests.length > 0 && html` <span class="badge">${requests.length}</span>`}</h3>
  ${
    requests.length === 0
      ? html`<p class="none">${texts.nobodyWaitsHere}</p>`
      : renderTable(
          "waiting-people",
          [texts.person, texts.code, texts.asked, texts.lapses],
          requests.map((request) => renderRequest(app, request, view, texts)),
        )
  }
  <h3 class="part">${texts.letIn}</h3>
  ${
    users.length === 0
      ? html`<p class="none">${texts.nobodyLetIn}</p>`
      : renderTable(
          "let-in",
          [texts.person, texts.by, texts.since],
          users.map((person) => renderLetIn(app, person, view, texts)),
        )
  }
  ${hiddenUsers > 0 && html`<p class="none">${texts.more(hiddenUsers)}</p>`}
</section>`;
}

function describePolicy({ app, isOpenToAll }: AppAccess, texts: AccessTexts): string {
  if (isOpenToAll) return texts.everybodyAllowed;
  return texts.policy(app.allowedUsers.length, app.adminUsers.length, app.pairing);
}

function renderTable(name: string, titles: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll"><table class="people ${name}">
    <thead><tr>${titles.map((title) => html`<th>${title}</th>`)}<th></th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

function renderRequest(
  app: ConsoleAppConfig,
  request: AccessRequest,
  { nowMs, language, operator }: PeopleView,
  texts: AccessTexts,
): Html {
  const { duration } = textsOf(language);
  const { userId, code, requestedAtMs, expiresAtMs } = request;
  return html`<tr>
  <td>${renderPerson(app, userId)}</td>
  <td><span class="pairing-code">${showPairingCode(code)}</span></td>
  <td>${texts.ago(duration(nowMs - requestedAtMs))}</td>
  <td>${texts.from(duration(expiresAtMs - nowMs))}</td>
  <td class="figure"><form method="post" action="/access/approve">${renderToken(operator.csrf)}${renderHidden({ app: app.name, user: userId, code })}<button class="primary small">${texts.approve}</button></form></td>
</tr>`;
}

function renderLetIn(
  app: ConsoleAppConfig,
  person: LetIn,
  { language, operator }: PeopleView,
  texts: AccessTexts,
): Html {
  const { userId, approvedBy, approvedAtMs } = person;
  const isOperator = approvedBy.startsWith(OPERATOR_MARK);
  const by = isOperator ? approvedBy.slice(OPERATOR_MARK.length) : approvedBy;
  return html`<tr>
  <td>${renderPerson(app, userId)}${person.isListed && html` <span class="badge" title="${texts.alsoListedDetail}">${texts.alsoListed}</span>`}</td>
  <td>${by} <span class="quiet">${isOperator ? texts.byOperator : texts.byAdministrator}</span></td>
  <td>${renderTime(approvedAtMs, language, "moment")}</td>
  <td class="figure"><form method="post" action="/access/revoke" data-confirm="${texts.confirmRevoke(userId, app.name)}">${renderToken(operator.csrf)}${renderHidden({ app: app.name, user: userId })}<button class="small">${texts.revoke}</button></form></td>
</tr>`;
}

/** Leads to what they wrote. */
function renderPerson({ corpId, agentId }: ConsoleAppConfig, userId: string): Html {
  const query = new URLSearchParams({ user: userId, app: `${corpId}:${agentId}` });
  return html`<a href="/messages?${query.toString()}">${userId}</a>`;
}

function renderHidden(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
}

/** Only where not everybody is shown anyway. */
function renderFind({ access, find }: PeopleView, texts: AccessTexts): Html | undefined {
  const isNeeded = find !== "" || access.some(({ hiddenUsers }) => hiddenUsers > 0);
  if (!isNeeded) return undefined;
  return html`<form class="card line-form" method="get" action="/access">
  <label>${texts.find}<input name="find" value="${find}" maxlength="64" autocomplete="off" spellcheck="false"></label>
  <button>${texts.findButton}</button>${find !== "" && html`<a href="/access">${texts.showAll}</a>`}
</form>`;
}

function renderAdmit(
  { access, operator }: PeopleView,
  notice: AccessNotice | undefined,
  texts: AccessTexts,
): Html {
  const typed = notice?.kind === "badUserId" ? notice : undefined;
  const option = ({ app: { name } }: AppAccess) =>
    html`<option value="${name}"${name === typed?.app && html` selected`}>${name}</option>`;
  return html`<section class="card admit">
  <h2>${texts.admitTitle}</h2><p class="about">${texts.admitDetail}</p>
  <form class="line-form" method="post" action="/access/admit">${renderToken(operator.csrf)}
    <label>${texts.app}<select name="app">${access.map(option)}</select></label>
    <label>${texts.userId}<input name="user" value="${typed?.userId ?? ""}" maxlength="64" required autocomplete="off" spellcheck="false"></label>
    <button class="primary">${texts.admit}</button>
  </form>
</section>`;
}
