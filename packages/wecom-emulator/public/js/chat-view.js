import { contentView } from "./content-view.js";
import { avatar, byId, h, icon } from "./dom.js";
import { clockTime, stampTime } from "./format.js";
import { t } from "./i18n.js";
import { eventText, memberContent } from "./member-content.js";

const STAMP_GAP_MS = 5 * 60_000;
const NEAR_END_PX = 120;
const SUGGESTIONS = ["hello", "/help", "report", "long 20"];

/** Nodes by item, so that a change redraws one message and leaves the others where they are. */
let drawn = new Map();

function pushState(item) {
  const last = item.attempts.at(-1);
  const values = { status: last?.status ?? "", attempts: item.attempts.length };
  const text = t(`push_${item.status}`, values);
  if (item.status === "acknowledged") {
    const ms = last === undefined ? "" : ` · ${last.latencyMs} ms`;
    const again = item.attempts.length > 1 ? ` · ×${item.attempts.length}` : "";
    return h("span.good", {}, `✓ ${text}${ms}${again}`);
  }
  return item.status === "pending" ? text : h("span.bad", {}, text);
}

function flags(item) {
  return [
    item.chatName !== undefined && h("span.flag", {}, t("flag_chat", { chat: item.chatName })),
    ...item.cuts.map((cut) => h("span.flag", {}, t("flag_cut", { kept: cut.keptBytes, bytes: cut.bytes }))),
    item.fault !== undefined && h("span.flag", {}, t("flag_fault", { fault: item.fault })),
  ];
}

function bubble({ node, bare }, actions, item) {
  const select = (event) => {
    const onControl = event.target.closest("a, button, input, select, label");
    if (onControl === null && String(getSelection()) === "") actions.select(item.seq);
  };
  return h(bare ? "div.bubble.bare" : "div.bubble", { onclick: select }, node);
}

function metaLine(item, actions, ...parts) {
  const open = () => actions.select(item.seq);
  const info = h(
    "button",
    { type: "button", title: t("inspect"), "aria-label": t("inspect"), onclick: open },
    icon("info"),
  );
  return h("div.meta", {}, clockTime(item.atMs), ...parts, info);
}

function memberRow(item, actions, state) {
  const content = memberContent(item);
  const again = () => actions.pushAgain(item);
  const retry =
    item.status !== "pending" &&
    h(
      "button",
      { type: "button", title: t("pushAgain"), "aria-label": t("pushAgain"), onclick: again },
      icon("retry"),
    );
  if (content === undefined) {
    const open = () => actions.select(item.seq);
    return h(
      "div.row",
      {},
      h("div.event-line", {}, h("button", { type: "button", onclick: open }, eventText(item.content))),
    );
  }
  const column = h(
    "div.bubble-column",
    {},
    bubble(content, actions, item),
    metaLine(item, actions, pushState(item), retry),
  );
  return h("div.row.bubble-row.mine", {}, avatar(state.user, "round"), column);
}

function appRow(item, actions, state) {
  if (item.recalledAtMs !== undefined && item.status === "delivered") {
    const open = () => actions.select(item.seq);
    const text = t("recalled", { app: state.appName });
    return h("div.row", {}, h("div.event-line", {}, h("button", { type: "button", onclick: open }, text)));
  }
  const isSeen = item.status === "delivered";
  const note = !isSeen && h("div.unseen-note", {}, icon("warn"), t(`status_${item.status}`));
  const column = h(
    "div.bubble-column",
    {},
    note,
    bubble(contentView(item, actions), actions, item),
    metaLine(item, actions, ...flags(item)),
  );
  return h(isSeen ? "div.row.bubble-row" : "div.row.bubble-row.unseen", {}, avatar(state.appName), column);
}

function rowOf(item, actions, state) {
  const key = JSON.stringify([item, state.language, state.appName, state.user]);
  const known = drawn.get(item.seq);
  if (known?.key === key) return known;
  const node = item.side === "member" ? memberRow(item, actions, state) : appRow(item, actions, state);
  return { key, node };
}

function emptyView(state, actions) {
  const chips = SUGGESTIONS.map((text) =>
    h("button.chip", { type: "button", onclick: () => actions.sendText(text) }, text),
  );
  return h(
    "div.empty",
    {},
    avatar(state.appName),
    h("h3", {}, t("emptyTitle", { app: state.appName })),
    h("p", {}, t("emptyText")),
    h("div.chips", {}, ...chips),
  );
}

/** Draws the chat. Stays at the end when the reader is there, and offers to go there when not. */
export function drawChat(state, actions) {
  const log = byId("log");
  const wasNearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
  const hadMore = state.items.some((item) => !drawn.has(item.seq));
  const next = new Map();
  const nodes = [];
  let lastMs = 0;
  for (const item of state.items) {
    if (item.atMs - lastMs > STAMP_GAP_MS) nodes.push(h("div.stamp", {}, stampTime(item.atMs, state.nowMs)));
    lastMs = item.atMs;
    const row = rowOf(item, actions, state);
    row.node.classList.toggle("selected", item.seq === state.selectedSeq);
    next.set(item.seq, row);
    nodes.push(row.node);
  }
  drawn = next;
  log.replaceChildren(...(nodes.length > 0 ? nodes : [emptyView(state, actions)]));
  if (wasNearEnd || state.jumpToEnd) scrollToEnd();
  else if (hadMore) byId("newer").hidden = false;
}

export function scrollToEnd() {
  const log = byId("log");
  log.scrollTop = log.scrollHeight;
  byId("newer").hidden = true;
}

export function watchScroll() {
  const log = byId("log");
  log.addEventListener("scroll", () => {
    if (log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX) byId("newer").hidden = true;
  });
  // Pictures arrive after the text around them and push the end down.
  log.addEventListener("load", () => byId("newer").hidden && scrollToEnd(), true);
  byId("newer").addEventListener("click", scrollToEnd);
}
