import { EN } from "./texts-en.js";
import { ZH } from "./texts-zh.js";

const TEXTS = { en: EN, zh: ZH };
let language = "en";

export function setLanguage(next) {
  language = next === "zh" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function currentLanguage() {
  return language;
}

/**
 * The text for a key in the language of the page; `{name}` is filled in.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = TEXTS[language][key] ?? EN[key] ?? key;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Fills in everything that stands in the page itself. */
export function translatePage() {
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-i18n]"))
    element.textContent = t(element.dataset.i18n);
  for (const element of document.querySelectorAll("[data-i18n-placeholder]")) {
    element.placeholder = t(element.dataset.i18nPlaceholder);
    if (element.dataset.i18nTitle !== undefined) element.title = t(element.dataset.i18nTitle);
  }
  for (const element of document.querySelectorAll("[data-i18n-label]")) {
    const text = t(element.dataset.i18nLabel);
    element.setAttribute("aria-label", text);
    if (element.matches("button")) element.title = text;
  }
}
