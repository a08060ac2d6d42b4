import type { ConfigFault } from "@gateway/service-kit";
import { z } from "zod";
import type { TextOverrides } from "./catalog.ts";
import { catalog } from "./catalog.ts";
import type { Translations } from "./define-texts.ts";
import { placeholdersOf } from "./define-texts.ts";

/** A WeCom text message holds 2048 bytes; what is put into a template needs some of them. */
const TEMPLATE_LIMIT_BYTES = 1500;

/** Without these the person could not answer, or the agent's own words would be lost. */
const INDISPENSABLE: ReadonlySet<string> = new Set(["code", "text", "list"]);

const topicsSchema = z.record(z.string(), z.unknown());

interface Checked {
  readonly overrides: TextOverrides;
  readonly faults: readonly ConfigFault[];
}

/** Checks templates from a file against the catalogue. `file` is how the faults name it. */
export function checkOverrides(content: unknown, file: string): Checked {
  const faults: ConfigFault[] = [];
  const overrides: Record<string, Record<string, string>> = {};
  // An empty file is no fault: nothing is replaced.
  const topics = topicsSchema.safeParse(content === "" || content === null ? {} : content);
  if (!topics.success) {
    faults.push({ where: file, found: "no map of topics", mend: `Needs topics: ${names(catalog)}.` });
    return { overrides, faults };
  }
  for (const [topic, texts] of Object.entries(topics.data)) {
    const where = `${file}: ${shorten(topic)}`;
    const known = Object.hasOwn(catalog, topic) ? topicOf(topic) : undefined;
    const keys = topicsSchema.safeParse(texts);
    if (known === undefined)
      faults.push({ where, found: "no such topic", mend: `The topics are ${names(catalog)}.` });
    else if (!keys.success)
      faults.push({ where, found: "no map of texts", mend: `Needs some of ${names(known)}.` });
    else overrides[topic] = checkTopic(keys.data, known, where, faults);
  }
  return { overrides, faults };
}

function checkTopic(
  texts: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Translations>>,
  where: string,
  faults: ConfigFault[],
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [key, template] of Object.entries(texts)) {
    const fault = Object.hasOwn(known, key)
      ? faultOf(template, known[key]?.en ?? "")
      : { found: "no such text", mend: `The texts of this topic are ${names(known)}.` };
    if (fault !== undefined) faults.push({ where: `${where}.${shorten(key)}`, ...fault });
    else checked[key] = String(template);
  }
  return checked;
}

function faultOf(template: unknown, original: string): Omit<ConfigFault, "where"> | undefined {
  if (typeof template !== "string")
    return { found: "not a text", mend: "Needs one text in quotation marks." };
  if (template.trim() === "") return { found: "empty", mend: "Needs some words, or leave it out." };
  if (Buffer.byteLength(template) > TEMPLATE_LIMIT_BYTES)
    return {
      found: `longer than ${TEMPLATE_LIMIT_BYTES} bytes`,
      mend: "A Chinese character counts three bytes.",
    };
  const allowed = placeholdersOf(original);
  const used = placeholdersOf(template);
  const unknown = bracedIn(template).find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    return {
      found: `{${shorten(unknown)}} is no placeholder of this text`,
      mend:
        allowed.length === 0 ? "It has none." : `It has ${allowed.map((name) => `{${name}}`).join(", ")}.`,
    };
  const missing = allowed.find((name) => INDISPENSABLE.has(name) && !used.includes(name));
  if (missing === undefined) return undefined;
  return { found: `without {${missing}}`, mend: `Put {${missing}} in: the person needs it.` };
}

/** More than placeholders: "{elapsed time}" is a mistake too, and would be shown as it stands. */
function bracedIn(template: string): string[] {
  return Array.from(template.matchAll(/\{([^{}]*)\}/gu), (match) => match[1] ?? "");
}

function topicOf(topic: string): Readonly<Record<string, Translations>> {
  return catalog[topic as keyof typeof catalog];
}

function names(map: object): string {
  return Object.keys(map).join(", ");
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40).toWellFormed()}…`;
}
