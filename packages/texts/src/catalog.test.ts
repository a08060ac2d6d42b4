import { describe, expect, it } from "@jest/globals";
import { catalog, createTexts } from "./catalog.ts";
import type { Translations } from "./define-texts.ts";
import { fillTemplate, LANGUAGES, placeholdersOf } from "./define-texts.ts";

const TEXT_LIMIT_BYTES = 2048;

/** The longest that each placeholder is given; see where it is filled. */
const LONGEST: Readonly<Record<string, string>> = {
  detail: "详".repeat(300),
  title: "标".repeat(80),
  doing: "做".repeat(200),
  preview: "预".repeat(24),
  reference: `cb-ww1234567890abcdef-1000002-${"u".repeat(64)}-${"9".repeat(20)}`,
  list: "• AB23　标题标题标题标题标题标题标题\n".repeat(5),
  modes: "• 补充 — 交给正在运行的助手；不支持时排队\n".repeat(3),
  text: "文".repeat(300),
  users: `${"u".repeat(20)} `.repeat(30),
  aliases: "/background /后台 ",
};

const all = Object.entries<Readonly<Record<string, Translations>>>(catalog).flatMap(([topic, texts]) =>
  Object.entries(texts).flatMap(([key, translations]) =>
    LANGUAGES.map((language) => ({
      name: `${topic}.${key} in ${language}`,
      topic,
      key,
      language,
      translations,
    })),
  ),
);

describe("the catalogue", () => {
  it.each(all)("$name says something, with all its placeholders", ({ translations, language }) => {
    const template = translations[language];
    expect(template.trim()).not.toBe("");
    expect(placeholdersOf(template).sort()).toEqual(placeholdersOf(translations.en).sort());
    // Nothing in braces that only looks like a placeholder.
    expect(template.replace(/\{[A-Za-z]+\}/gu, "")).not.toMatch(/[{}]/u);
  });

  it.each(all)("$name fits one WeCom message and shows every value", ({ topic, key, language }) => {
    const template = catalogText(topic, key)[language];
    const names = placeholdersOf(template);
    const values = Object.fromEntries(names.map((name) => [name, LONGEST[name] ?? `<${name}>`]));
    const texts = createTexts(language) as unknown as Record<string, Record<string, unknown>>;
    const text = texts[topic]?.[key];
    const said =
      typeof text === "function" ? (text as (given: typeof values) => string)(values) : String(text);
    expect(typeof text).toBe(names.length === 0 ? "string" : "function");
    for (const value of Object.values(values)) expect(said).toContain(value);
    expect(Buffer.byteLength(said)).toBeLessThanOrEqual(TEXT_LIMIT_BYTES);
  });

  it("never mixes up the languages", () => {
    for (const { translations } of all) expect(translations.en).not.toMatch(/\p{Script=Han}/u);
  });
});

describe("fillTemplate", () => {
  it("leaves a value as it is, whatever it looks like", () => {
    expect(fillTemplate("{a} and {b}", { a: "{b} $& $1", b: "x" })).toBe("{b} $& $1 and x");
  });

  it("knows only the values it was given", () => {
    expect(fillTemplate("{constructor} {a}", { a: 1 })).toBe("{constructor} 1");
  });
});

function catalogText(topic: string, key: string): Translations {
  const texts = (catalog as Readonly<Record<string, Readonly<Record<string, Translations>>>>)[topic];
  const found = texts?.[key];
  if (found === undefined) throw new Error(`${topic}.${key} is not in the catalogue`);
  return found;
}
