/** Markup that is safe to send: made by `html` only, so every text in it has been escaped. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/** Template tag: texts are escaped, nested `html` is kept, arrays are joined, undefined and false give nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    parts.map((part, index) => (index === 0 ? part : toMarkup(values[index - 1]) + part)).join(""),
  );
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "object") return value.map(toMarkup).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
