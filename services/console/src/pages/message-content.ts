import type { Language } from "../i18n/language.ts";
import { textsOf } from "../i18n/texts.ts";
import type { MessageContent } from "../timeline/read-content.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

/** What was said. Rendered only where the operator of the machine has allowed it. */
export function renderContent({ asked, replies }: MessageContent, language: Language): Html {
  const { timeline: texts } = textsOf(language);
  const parts = replies.flatMap(({ parts: ofReply }) =>
    ofReply.map(
      ({ text, state }, index) =>
        html`<figure class="said"><figcaption>${texts.part(index + 1, ofReply.length)} · ${state}</figcaption><pre>${text}</pre></figure>`,
    ),
  );
  return html`<section class="card content">
  <h2>${texts.content}</h2>
  <h3>${texts.asked}</h3>${asked === undefined ? html`<p class="quiet">${texts.notStored}</p>` : html`<figure class="said"><pre>${asked}</pre></figure>`}
  <h3>${texts.answered}</h3>${parts.length === 0 ? html`<p class="quiet">${texts.notStored}</p>` : parts}
</section>`;
}
