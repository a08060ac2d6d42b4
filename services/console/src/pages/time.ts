import type { Language } from "../i18n/language.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "medium" },
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A time in this server's zone; the page's script turns it into the operator's own. */
export function renderTime(atMs: number, language: Language, style: keyof typeof STYLES): Html {
  const date = new Date(atMs);
  const text = new Intl.DateTimeFormat(language, STYLES[style]).format(date);
  return html`<time datetime="${date.toISOString()}" data-style="${style}">${text}</time>`;
}
