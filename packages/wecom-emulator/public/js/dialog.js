import { byId, h } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Asks for a few values.
 *
 * @param {string} title
 * @param {{ name: string, label: string, value: string, type?: string }[]} fields
 * @returns {Promise<Record<string, string> | undefined>} undefined when it was put off
 */
export function askFields(title, fields) {
  const dialog = byId("dialog");
  const inputs = fields.map(({ name, label, value, type = "text" }) =>
    h(
      "label",
      {},
      t(label),
      h("input", { name, type, value, step: "any", required: name !== "description" }),
    ),
  );
  const cancel = h("button.button", { type: "button", onclick: () => dialog.close() }, t("cancel"));
  const confirm = h("button.button.primary", { type: "submit" }, t("send"));
  const form = h("form", {}, h("h3", {}, t(title)), ...inputs, h("div.dialog-actions", {}, cancel, confirm));
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(Object.fromEntries(new FormData(form)));
      dialog.close();
    });
    dialog.addEventListener("close", () => resolve(undefined), { once: true });
    dialog.replaceChildren(form);
    dialog.showModal();
  });
}
