import type { DeadLetter } from "@gateway/conversation";
import { parseConversationId } from "@gateway/conversation";
import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import { html } from "./html.ts";
import { renderPage, renderToken } from "./layout.ts";

/** The question before dead letters are dropped: what cannot be undone is asked twice. */
export function renderDropPage(view: {
  language: Language;
  operator: SignedIn;
  title: string;
  letters: readonly DeadLetter[];
}): string {
  const { language, operator, title, letters } = view;
  const { dead } = textsOf(language);
  return renderPage(
    { language, title, operator, path: "/dead", section: "dead" },
    html`<main class="center"><form method="post" action="/dead/drop" class="card message">${renderToken(operator.csrf)}
  <h1>${dead.dropTitle(letters.length)}</h1>
  <p class="quiet">${dead.dropDetail}</p>
  <ul class="letters">${letters.map(
    ({ id, conversation, code }) =>
      html`<li><input type="hidden" name="id" value="${id}">${parseConversationId(conversation).userId.split("\u0000", 1)[0]} <code>${code}</code></li>`,
  )}</ul>
  <div class="actions"><button class="danger" name="confirm" value="yes">${dead.dropConfirm}</button><a href="/dead">${dead.keep}</a></div>
</form></main>`,
  );
}
