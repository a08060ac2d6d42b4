import type { AuditEntry } from "../audit/audit-log.ts";
import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import { renderTime } from "./time.ts";

export interface AuditView {
  readonly language: Language;
  readonly operator: SignedIn;
  readonly entries: readonly AuditEntry[];
  /** Where the next page begins, when there is one. */
  readonly older: string | undefined;
}

export function renderAuditPage(view: AuditView): string {
  const { language, operator, entries, older } = view;
  const { audit: texts, timeline } = textsOf(language);
  return renderPage(
    { language, title: texts.title, operator, path: "/audit", section: "audit" },
    html`<main>
<section class="head"><h1>${texts.title}</h1><p class="quiet">${texts.about}</p></section>
<section class="card"><div class="scroll"><table class="audit">
  <thead><tr><th>${texts.when}</th><th>${texts.who}</th><th>${texts.what}</th><th>${texts.from}</th></tr></thead>
  <tbody>${entries.map((entry) => renderEntry(entry, language))}</tbody>
</table></div></section>
${older !== undefined && html`<nav class="paging"><a href="/audit?before=${older}">${timeline.older} →</a></nav>`}
</main>`,
  );
}

function renderEntry({ audit, operator, address, atMs, details }: AuditEntry, language: Language): Html {
  const { audit: texts } = textsOf(language);
  const said = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return html`<tr>
  <td>${renderTime(atMs, language, "moment")}</td>
  <td>${operator ?? html`<span class="quiet">${texts.nobody}</span>`}</td>
  <td><b>${texts.events[audit]}</b>${said.length > 0 && html`<span class="about mono">${said.join(" · ")}</span>`}</td>
  <td class="mono">${address}</td>
</tr>`;
}
