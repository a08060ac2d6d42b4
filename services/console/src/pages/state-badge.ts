import type { TimelineState } from "@gateway/conversation";
import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

const TONES: Readonly<Record<TimelineState, string>> = {
  waiting: "notice",
  running: "live",
  joined: "well",
  answered: "live",
  delivered: "well",
  done: "well",
  dead: "alarm",
  replayed: "plain",
  dropped: "plain",
};

export function renderState(state: TimelineState, language: Language): Html {
  return html`<span class="state ${TONES[state]}">${textsOf(language).timeline.states[state]}</span>`;
}
