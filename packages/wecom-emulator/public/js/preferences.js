const KEY = "wecom-emulator";

/** What the browser remembers between visits. Private windows may refuse; then nothing is remembered. */
export function loadPreferences() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

export function savePreferences(change) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...loadPreferences(), ...change }));
  } catch {
    // Not remembered; nothing else depends on it.
  }
}
