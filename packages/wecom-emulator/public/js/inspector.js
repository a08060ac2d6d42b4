import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { callsView } from "./inspector-calls.js";
import { conditionsView } from "./inspector-conditions.js";
import { messageView } from "./inspector-message.js";

const TABS = [
  ["message", messageView],
  ["calls", callsView],
  ["conditions", conditionsView],
];

function moveTab(event, state, actions) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const names = TABS.map(([name]) => name);
  actions.openTab(names[(names.indexOf(state.tab) + step + names.length) % names.length]);
  byId("tabs").querySelector('[aria-selected="true"]').focus();
}

function activeRules(state) {
  return state.faults.filter((rule) => rule.times === "always" || rule.applied < rule.times).length;
}

function tab(name, state, actions) {
  const selected = state.tab === name;
  const rules = name === "conditions" ? activeRules(state) : 0;
  return h(
    "button.tab",
    {
      type: "button",
      role: "tab",
      "aria-selected": String(selected),
      "aria-controls": "inspector-body",
      tabindex: selected ? "0" : "-1",
      onclick: () => actions.openTab(name),
      onkeydown: (event) => moveTab(event, state, actions),
    },
    t(`tab_${name}`),
    rules > 0 && h("span.count", {}, String(rules)),
  );
}

/** What the panel showed last: the same again is left alone, so that nobody loses a place or a selection. */
let shown = "";

export function drawInspector(state, actions) {
  const focused = document.activeElement?.getAttribute("role") === "tab";
  byId("tabs").replaceChildren(...TABS.map(([name]) => tab(name, state, actions)));
  if (focused) byId("tabs").querySelector('[aria-selected="true"]').focus();
  const [, view] = TABS.find(([name]) => name === state.tab) ?? TABS[0];
  const nodes = view(state, actions);
  const next = state.tab + state.language + nodes.map((node) => node.outerHTML).join("");
  if (next === shown) return;
  shown = next;
  byId("inspector-body").replaceChildren(...nodes);
}
