import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import { html } from "./html.ts";
import { renderPage, renderToken } from "./layout.ts";

/** The sign-in form. `next` is the local path to go to afterwards. */
export function renderLoginPage(view: {
  language: Language;
  next: string;
  user: string;
  error?: string | undefined;
  hasGeneratedPassword: boolean;
  csrf: string;
}): string {
  const texts = textsOf(view.language);
  const path = `/login?next=${encodeURIComponent(view.next)}`;
  return renderPage(
    { language: view.language, title: texts.signIn, path },
    html`<main class="center"><form method="post" action="/login" class="card sign-in">
  <img src="/assets/logo.svg" alt="" width="48" height="48">
  <h1>${texts.product}</h1>
  <p class="quiet subtitle">${texts.console}</p>
  ${view.error !== undefined && html`<p class="error" role="alert">${view.error}</p>`}
  ${renderToken(view.csrf)}<input type="hidden" name="next" value="${view.next}">
  <label>${texts.user}<input name="user" value="${view.user}" autocomplete="username" maxlength="256" required></label>
  <label>${texts.password}<input name="password" type="password" autocomplete="current-password" maxlength="256" required autofocus></label>
  <button class="primary">${texts.signIn}</button>
  ${view.hasGeneratedPassword && html`<p class="hint">${texts.generatedPasswordHint}</p>`}
</form></main>`,
  );
}
