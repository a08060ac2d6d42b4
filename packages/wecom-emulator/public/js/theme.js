import { byId } from "./dom.js";
import { loadPreferences, savePreferences } from "./preferences.js";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen here, else what the system prefers. */
export function applyTheme() {
  const theme = loadPreferences().theme ?? (prefersDark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  byId("theme")
    .querySelector("use")
    .setAttribute("href", theme === "dark" ? "#i-sun" : "#i-moon");
}

export function toggleTheme() {
  savePreferences({ theme: document.documentElement.dataset.theme === "dark" ? "light" : "dark" });
  applyTheme();
}

prefersDark.addEventListener("change", applyTheme);
