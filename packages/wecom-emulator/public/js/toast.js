import { byId, h } from "./dom.js";
import { t } from "./i18n.js";

const SHOWN_MS = 4000;

export function toast(text, kind = "") {
  const note = h(kind === "" ? "div.toast" : `div.toast.${kind}`, {}, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Runs something that talks to the emulator and says so when it fails. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(t("failed", { message: error.message }), "bad");
    return undefined;
  }
}
