import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { catalog, createTexts } from "./catalog.ts";
import { checkOverrides } from "./check-overrides.ts";
import { placeholdersOf } from "./define-texts.ts";

const topics = Object.entries<Readonly<Record<string, { readonly en: string }>>>(catalog);
const place = fc
  .constantFrom(...topics)
  .chain(([topic, texts]) =>
    fc.constantFrom(...Object.keys(texts)).map((key) => ({ topic, key, en: texts[key]?.en ?? "" })),
  );
const odd = fc.constantFrom<unknown[]>(
  null,
  1,
  "",
  " ",
  [],
  {},
  ["a"],
  true,
  "{",
  "}",
  "{}",
  "{x}",
  "{toString}",
  "{__proto__}",
  "{{code}}",
  "字".repeat(501),
  "\u0000",
);
const words = fc
  .string({ unit: "grapheme", maxLength: 20 })
  .map((text) => text.toWellFormed().replace(/[{}]/g, ""));

describe("texts from a file, of any form", () => {
  it("are taken, each as it stands, or found fault with, each by its place", () => {
    const replaced = fc
      .tuple(place, fc.oneof(words, odd, fc.constant(undefined)))
      .map(([{ topic, key, en }, text]) => {
        const kept = placeholdersOf(en)
          .map((name) => `{${name}}`)
          .join("");
        return { topic, key, text: typeof text === "string" ? text + kept : (text ?? en) };
      });
    const names = fc.constantFrom("turn", "constructor", "toString", "", "x".repeat(500), "\u0000");
    const content = fc.oneof(
      {
        arbitrary: fc
          .array(replaced, { maxLength: 5 })
          .map((all) => Object.fromEntries(all.map(({ topic, key, text }) => [topic, { [key]: text }]))),
        weight: 4,
      },
      {
        arbitrary: fc.dictionary(names, fc.oneof(odd, fc.dictionary(names, odd)), { maxKeys: 3 }),
        weight: 1,
      },
      { arbitrary: odd, weight: 1 },
    );
    fc.assert(
      fc.property(content, fc.constantFrom("zh-CN" as const, "en" as const), (said, language) => {
        const { overrides, faults } = checkOverrides(said, "texts.yaml");
        for (const { where, found, mend } of faults)
          expect([where.startsWith("texts.yaml"), found !== "", mend !== "", where.length < 200]).toEqual([
            true,
            true,
            true,
            true,
          ]);
        const texts = createTexts(language, overrides) as Readonly<
          Record<string, Readonly<Record<string, unknown>>>
        >;
        const taken = Object.entries(overrides).flatMap(([topic, all]) =>
          Object.keys(all).map((key) => [topic, key] as const),
        );
        for (const [topic, key] of taken) {
          const template =
            (said as Readonly<Record<string, Readonly<Record<string, string>>>>)[topic]?.[key] ?? "";
          const text = texts[topic]?.[key];
          const values = Object.fromEntries(placeholdersOf(template).map((name) => [name, `<${name}>`]));
          const filled = typeof text === "function" ? text(values) : text;
          expect(filled).toBe(template.replace(/\{([A-Za-z]+)\}/gu, "<$1>"));
        }
        const asked =
          typeof said === "object" && said !== null && !Array.isArray(said)
            ? Object.values(said).flatMap((all) =>
                typeof all === "object" && all !== null ? Object.keys(all) : [],
              )
            : [];
        if (faults.length === 0) expect(taken.length).toBe(asked.length);
      }),
    );
  });
});
