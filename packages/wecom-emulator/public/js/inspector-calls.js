import { h } from "./dom.js";
import { clockTime } from "./format.js";
import { t } from "./i18n.js";
import { section } from "./inspector-message.js";

const SHOWN = 100;

function result(call) {
  if (call.status !== 200 && call.status !== 206)
    return { text: call.status === 0 ? "—" : `HTTP ${call.status}`, kind: "bad" };
  return call.errcode === 0 ? { text: t("ok"), kind: "good" } : { text: String(call.errcode), kind: "bad" };
}

function callView(call) {
  const { text, kind } = result(call);
  const words = [call.fault, call.errmsg === "ok" ? undefined : call.errmsg.split(", hint:")[0]].filter(
    Boolean,
  );
  return h(
    "li.call",
    {},
    h("span.subtle", {}, clockTime(call.atMs)),
    h("span.call-path", {}, call.path),
    h("span.mono.subtle", {}, `${call.latencyMs} ms`),
    h(`span.badge.${kind}`, {}, text),
    words.length > 0 && h("span.call-words.subtle", {}, words.join(" · ")),
  );
}

/** What the app asked of the API, newest first. */
export function callsView(state) {
  if (state.calls.length === 0) return [h("p.hint", {}, t("noCalls"))];
  const counts = Object.entries(state.counts).map(([path, count]) => h("span.badge", {}, `${path} ${count}`));
  const calls = state.calls.toReversed().slice(0, SHOWN);
  return [section(t("counts"), h("div.chips", {}, ...counts)), h("ul", {}, ...calls.map(callView))];
}
