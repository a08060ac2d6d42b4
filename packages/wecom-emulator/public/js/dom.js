/**
 * Builds an element. Text always goes in as text and never as markup, so nothing that a message holds can become one.
 *
 * @param {string} tag with classes behind dots, such as "div.bubble"
 * @param {Record<string, unknown>} [attributes] `on…` are listeners, `true` and `false` switch an attribute
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  append(element, children);
  return element;
}

function setAttribute(element, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "value") element.value = value;
  else element.setAttribute(key, value === true ? "" : String(value));
}

function append(element, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** @param {string} name of a symbol in the page */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** A link that opens elsewhere; anything but http and https stays text. */
export function link(href, ...children) {
  if (!/^https?:\/\//i.test(href)) return h("span", {}, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A coloured initial; the same name always has the same colour. */
export function paintAvatar(element, name) {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  for (let tone = 0; tone < 8; tone += 1) element.classList.toggle(`tone-${tone}`, tone === hash % 8);
  element.textContent = [...name.replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "?";
  return element;
}

export function avatar(name, ...classes) {
  return paintAvatar(h(["span", "avatar", ...classes].join("."), { "aria-hidden": "true" }), name);
}
