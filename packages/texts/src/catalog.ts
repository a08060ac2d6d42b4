import type { Language, TextsOf, Translations } from "./define-texts.ts";
import { fillTemplate, placeholdersOf } from "./define-texts.ts";
import { accessTexts } from "./topics/access.ts";
import { approvalTexts } from "./topics/approvals.ts";
import { cardTexts } from "./topics/cards.ts";
import { backgroundTexts, busyModeTexts, commandTexts, queueTexts } from "./topics/commands.ts";
import { deliveryTexts } from "./topics/delivery.ts";
import { helpFrameTexts, helpTexts } from "./topics/help.ts";
import { statusTexts, whoamiTexts } from "./topics/status.ts";
import { durationTexts, kindTexts, turnTexts } from "./topics/turn.ts";

export type { Language } from "./define-texts.ts";

/** Everything that the gateway itself says to a person in WeCom. Agents' words are never in here. */
export const catalog = {
  turn: turnTexts,
  duration: durationTexts,
  kind: kindTexts,
  approval: approvalTexts,
  card: cardTexts,
  command: commandTexts,
  queue: queueTexts,
  busyMode: busyModeTexts,
  background: backgroundTexts,
  status: statusTexts,
  whoami: whoamiTexts,
  help: helpTexts,
  helpFrame: helpFrameTexts,
  access: accessTexts,
  delivery: deliveryTexts,
} as const;

type Catalog = typeof catalog;

/** One language's texts. Those with placeholders are functions of them. */
export type Texts = { readonly [Topic in keyof Catalog]: TextsOf<Catalog[Topic]> };

/** Templates that replace those of the catalogue, by topic and key; already checked. */
export type TextOverrides = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function createTexts(language: Language, overrides: TextOverrides = {}): Texts {
  const topics = Object.entries<Readonly<Record<string, Translations>>>(catalog).map(([topic, texts]) => {
    const compiled = Object.entries(texts).map(([key, translations]) => {
      const template = overrides[topic]?.[key] ?? translations[language];
      return [key, compile(template, placeholdersOf(translations.en).length > 0)];
    });
    return [topic, Object.fromEntries(compiled)];
  });
  return Object.fromEntries(topics) as Texts;
}

function compile(template: string, hasPlaceholders: boolean) {
  return hasPlaceholders
    ? (values: Readonly<Record<string, string | number>>) => fillTemplate(template, values)
    : template;
}
