import { h } from "./dom.js";
import { t } from "./i18n.js";
import { section } from "./inspector-message.js";

const PRESETS = [
  ["busy", { type: "errcode", errcode: -1 }],
  ["502", { type: "http", status: 502 }],
  ["reset_before", { type: "reset_before" }],
  ["reset_after", { type: "reset_after" }],
  ["hang", { type: "hang", deliver: true }],
  ["truncate", { type: "truncate_json" }],
  ["rate", { type: "errcode", errcode: 45009 }, 3],
  ["slow", { type: "delay", delayMs: 10_000 }],
];

const button = (label, onclick) => h("button.button", { type: "button", onclick }, t(label));

function presetView([name, action, times = 1], actions) {
  const rule = { match: { path: "message/send" }, times, action };
  return h(
    "button.preset",
    { type: "button", onclick: () => actions.addFault(rule) },
    t(`p_${name}`),
    h("small", {}, t(`p_${name}_s`)),
  );
}

function ruleView(rule) {
  const left = rule.times === "always" ? t("always") : t("left", { left: rule.times - rule.applied });
  const isSpent = rule.times !== "always" && rule.applied >= rule.times;
  const what = [rule.action.type, rule.action.errcode ?? rule.action.status].filter(
    (part) => part !== undefined,
  );
  return h(
    isSpent ? "li.rule.spent" : "li.rule",
    {},
    h("span", {}, `${rule.match.path} → ${what.join(" ")}`),
    h("span", {}, isSpent ? t("spent") : left),
  );
}

function faultsSections(state, actions) {
  const rules = state.faults.map(ruleView);
  const inForce =
    rules.length === 0
      ? [h("p.hint", {}, t("noRules"))]
      : [
          h("ul", {}, ...rules),
          h(
            "div.actions",
            {},
            button("clearRules", () => actions.clearFaults()),
          ),
        ];
  return [
    section(t("faultsTitle"), h("div.presets", {}, ...PRESETS.map((preset) => presetView(preset, actions)))),
    section(t("activeTitle"), ...inForce),
  ];
}

const actionsRow = (...buttons) => h("div.actions", {}, ...buttons);

/** The moods of WeCom: faults, tokens, trust and time. */
export function conditionsView(state, actions) {
  const app = state.apps.find(({ name }) => name === state.appName);
  if (app === undefined) return [];
  return [
    section(
      t("appTitle"),
      h("p.mono", {}, app.callbackUrl),
      actionsRow(button("verify", () => actions.verify())),
    ),
    ...faultsSections(state, actions),
    section(
      t("tokensTitle"),
      actionsRow(
        button("revoke", () => actions.endTokens("revoke")),
        button("expire", () => actions.endTokens("expire")),
      ),
    ),
    section(
      t("trustedTitle"),
      actionsRow(
        app.trustedIps === null
          ? button("untrust", () => actions.changeApp({ trustedIps: [] }))
          : button("trustAll", () => actions.changeApp({ trustedIps: null })),
      ),
    ),
    section(
      t("clockTitle"),
      h("p.hint", {}, t("clockText")),
      actionsRow(
        button("plusMinute", () => actions.advance(60_000)),
        button("plusHours", () => actions.advance(7_200_000)),
        button("plusDays", () => actions.advance(3 * 86_400_000)),
      ),
    ),
    section(t("resetTitle"), actionsRow(button("reset", () => actions.reset()))),
  ];
}
