import { h, icon } from "./dom.js";
import { bytes, exactTime } from "./format.js";
import { t } from "./i18n.js";

const PUSH_KINDS = { acknowledged: "good", pending: "", refused: "bad", lost: "bad" };

export const section = (title, ...children) => h("section.section", {}, h("h3", {}, title), ...children);

const badge = (text, kind) => h(kind === "" ? "span.badge" : `span.badge.${kind}`, {}, text);

function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== "");
  return h("dl.facts", {}, ...known.flatMap(([name, value]) => [h("dt", {}, t(name)), h("dd", {}, value)]));
}

const mono = (text) => text && h("span.mono", {}, text);
const notice = (text) => h("div.notice", {}, icon("warn"), h("span", {}, text));
const json = (value) => h("pre.json", { tabindex: "0" }, JSON.stringify(value, null, 2));

function attemptView(attempt, index) {
  const isGood = attempt.status === 200;
  const result = attempt.status === undefined ? t(`outcome_${attempt.outcome}`) : `HTTP ${attempt.status}`;
  const more = attempt.error ?? attempt.url;
  return h(
    "li.step",
    {},
    badge(t("attempt", { n: index + 1 }), isGood ? "good" : "bad"),
    h("strong", {}, result),
    h("span.mono", {}, `${attempt.latencyMs} ms`),
    h("span.subtle", { title: more }, more),
  );
}

function memberView(item, state) {
  const last = item.attempts.at(-1);
  const status = t(`push_${item.status}`, { status: last?.status ?? "", attempts: item.attempts.length });
  return [
    section(
      t("factsTitle"),
      facts([
        ["f_status", badge(status, PUSH_KINDS[item.status])],
        ["f_type", item.content.type],
        ["f_user", mono(state.user)],
        ["f_msgid", mono(item.msgId)],
        ["f_time", exactTime(item.atMs)],
      ]),
    ),
    section(t("deliveryTitle"), h("ol.steps", {}, ...item.attempts.map(attemptView))),
    section(t("contentTitle"), json(item.content)),
  ];
}

function reasons(item) {
  return [
    item.status !== "delivered" && notice(`${t(`status_${item.status}`)}. ${t("why_dropped")}`),
    ...item.cuts.map((cut) => notice(t("why_cut", { kept: cut.keptBytes, bytes: cut.bytes }))),
    item.fault !== undefined && notice(t("why_fault", { fault: item.fault })),
  ].filter((node) => node !== false);
}

function appView(item) {
  const recalled = item.recalledAtMs !== undefined;
  const isGood = item.status === "delivered" && !recalled;
  const seen = item.status === "delivered" ? t("status_delivered") : t("notShown");
  const status = recalled ? t("status_recalled") : seen;
  return [
    ...reasons(item),
    section(
      t("factsTitle"),
      facts([
        ["f_status", badge(status, isGood ? "good" : "warn")],
        ["f_type", item.msgType],
        ["f_bytes", bytes(item.requestBytes)],
        ["f_receivers", item.receivers > 1 ? String(item.receivers) : ""],
        ["f_invalid", item.invalidUsers.join(", ")],
        ["f_time", exactTime(item.atMs)],
        ["f_msgid", mono(item.msgId)],
      ]),
    ),
    section(t("requestTitle"), json(item.request)),
  ];
}

/** How one message travelled; the newest one when none was chosen. */
export function messageView(state) {
  const item = state.items.find(({ seq }) => seq === state.selectedSeq) ?? state.items.at(-1);
  if (item === undefined) return [h("p.hint", {}, t("pickMessage"))];
  return item.side === "member" ? memberView(item, state) : appView(item);
}
