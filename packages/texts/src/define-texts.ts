export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in every language. `{name}` in it is a placeholder; all languages have the same ones. */
export type Translations = Readonly<Record<Language, string>>;

type PlaceholderOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

/** How a text is used: as it is, or as a function of its placeholders. */
export type Text<Template extends string> = [PlaceholderOf<Template>] extends [never]
  ? string
  : (values: Readonly<Record<PlaceholderOf<Template>, string | number>>) => string;

export type TextsOf<Topic extends Readonly<Record<string, Translations>>> = {
  readonly [Key in keyof Topic]: Text<Topic[Key]["en"]>;
};

type SamePlaceholders<Topic extends Readonly<Record<string, Translations>>> = {
  readonly [Key in keyof Topic]: [PlaceholderOf<Topic[Key]["en"]>] extends [
    PlaceholderOf<Topic[Key]["zh-CN"]>,
  ]
    ? [PlaceholderOf<Topic[Key]["zh-CN"]>] extends [PlaceholderOf<Topic[Key]["en"]>]
      ? Translations
      : "the languages have different placeholders"
    : "the languages have different placeholders";
};

/** The texts of one topic. A language that lacks a text or a placeholder fails to compile. */
export function defineTexts<const Topic extends Readonly<Record<string, Translations>>>(
  topic: Topic & SamePlaceholders<Topic>,
): Topic {
  return topic;
}

const PLACEHOLDER = /\{([A-Za-z]+)\}/gu;

export function placeholdersOf(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), (match) => match[1] ?? ""))];
}

/** Puts the values in, in one pass: a value that looks like a placeholder stays as it is. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
