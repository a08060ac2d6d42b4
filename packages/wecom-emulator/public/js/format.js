import { currentLanguage, t } from "./i18n.js";

const locale = () => (currentLanguage() === "zh" ? "zh-CN" : "en-GB");

export function clockTime(ms) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(ms);
}

export function exactTime(ms) {
  const text = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(ms);
  return `${text}.${String(ms % 1000).padStart(3, "0")}`;
}

const dayOf = (ms) => new Date(ms).toDateString();

/** The line between messages: time alone today, with the day before that. */
export function stampTime(ms, nowMs) {
  if (dayOf(ms) === dayOf(nowMs)) return clockTime(ms);
  if (dayOf(ms) === dayOf(nowMs - 86_400_000)) return `${t("yesterday")} ${clockTime(ms)}`;
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(ms);
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}
