import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";

/** A page that only says one thing, such as an error. With `retries` it asks again every few seconds. */
export function renderMessagePage(view: {
  language: Language;
  path: string;
  title: string;
  detail: string;
  retries?: boolean;
  operator?: SignedIn;
}): string {
  return renderPage(
    view,
    html`<main class="center"${view.retries === true && html` data-retry`}><div class="card message">
  <h1>${view.title}</h1>
  <p class="quiet">${view.detail}</p>
</div></main>`,
  );
}
