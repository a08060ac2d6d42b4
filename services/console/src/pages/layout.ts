import { CSRF_FIELD } from "../auth/csrf.ts";
import type { SignedIn } from "../auth/require-session.ts";
import type { Language } from "../i18n/language.ts";
import type { Texts } from "../i18n/texts.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

export interface PageFrame {
  readonly language: Language;
  readonly title: string;
  /** Which entry of the navigation is marked. */
  readonly section?: "overview" | "messages" | "dead" | "access" | "audit";
  /** The signed-in operator; without one the page has no navigation. */
  readonly operator?: SignedIn | undefined;
  /** Where the language toggle leads back to: a local path. */
  readonly path: string;
}

/** A whole document around a page's content. Everything it loads comes from this console. */
export function renderPage(frame: PageFrame, content: Html): string {
  const texts = textsOf(frame.language);
  const page = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${frame.title} · ${texts.product}</title>
<link rel="icon" type="image/svg+xml" href="/assets/logo.svg">
<link rel="stylesheet" href="/assets/console.css">
<script src="/assets/console.js" defer></script>
</head>
<body>
<header class="bar">
  <a class="brand" href="/"><img src="/assets/logo.svg" alt="" width="28" height="28"><span>${texts.product}</span></a>
  ${frame.operator !== undefined && renderNavigation(frame.section, texts)}
  <div class="bar-end">${renderToggle(frame)}${frame.operator !== undefined && renderOperator(frame.operator, texts.signOut)}</div>
</header>
${content}
<div class="unseen" id="announcer" role="status"></div>
</body>
</html>`;
  return page.toString();
}

function renderNavigation(here: PageFrame["section"], texts: Texts): Html {
  const link = (section: PageFrame["section"], href: string, label: string) =>
    html`<a href="${href}"${section === here && html` aria-current="page"`}>${label}</a>`;
  return html`<nav>
    ${link("overview", "/", texts.overview)}
    ${link("messages", "/messages", texts.timeline.messages)}
    ${link("dead", "/dead", texts.deadLetters)}
    ${link("access", "/access", texts.access.title)}
    ${link("audit", "/audit", texts.audit.title)}
    <a href="/queues/">${texts.allQueues}</a>
  </nav>`;
}

function renderToggle({ language, path }: PageFrame): Html {
  const link = (target: Language, label: string) =>
    target === language
      ? html`<span aria-current="true">${label}</span>`
      : html`<a href="/language?to=${target}&amp;next=${encodeURIComponent(path)}" lang="${target}">${label}</a>`;
  return html`<div class="languages">${link("en", "EN")}${link("zh-CN", "中文")}</div>`;
}

function renderOperator({ user, csrf }: SignedIn, signOut: string): Html {
  return html`<form method="post" action="/logout" class="operator">${renderToken(csrf)}<span>${user}</span><button>${signOut}</button></form>`;
}

/** Every form that changes something has it. */
export function renderToken(csrf: string): Html {
  return html`<input type="hidden" name="${CSRF_FIELD}" value="${csrf}">`;
}
