import { avatar, byId, h, paintAvatar } from "./dom.js";
import { stampTime } from "./format.js";
import { t } from "./i18n.js";
import { previewOf } from "./member-content.js";

const FILTER_FROM = 9;

function appRow(app, state, actions) {
  const last = state.latest[app.name];
  return h(
    "li",
    {},
    h(
      "button.app-row",
      {
        type: "button",
        "aria-current": app.name === state.appName ? "true" : "false",
        onclick: () => actions.openApp(app.name),
      },
      avatar(app.name),
      h("span.app-row-name", {}, app.name),
      h("span.app-row-time", {}, last === undefined ? "" : stampTime(last.atMs, state.nowMs)),
      h("span.app-row-last", {}, last === undefined ? t("noMessages") : previewOf(last).slice(0, 80)),
    ),
  );
}

function drawApps(state, actions) {
  const wanted = state.filter.trim().toLowerCase();
  const apps = state.apps.filter((app) =>
    `${app.name} ${app.corpId} ${app.agentId}`.toLowerCase().includes(wanted),
  );
  const corps = new Map();
  for (const app of apps) corps.set(app.corpId, [...(corps.get(app.corpId) ?? []), app]);
  const rows = [...corps].flatMap(([corpId, members]) => [
    h("li.corp-label.mono", {}, corpId),
    ...members.map((app) => appRow(app, state, actions)),
  ]);
  byId("apps").replaceChildren(...rows);
  byId("filter").hidden = state.apps.length < FILTER_FROM;
}

function drawPeople(state, actions) {
  const chips = state.people.slice(0, 5).map((user) =>
    h(
      "button.chip",
      {
        type: "button",
        "aria-pressed": String(user === state.user),
        onclick: () => actions.becomeUser(user),
      },
      user,
    ),
  );
  byId("user-chips").replaceChildren(...chips);
  byId("users").replaceChildren(...state.people.map((user) => h("option", { value: user })));
}

/** Who you are and whom you can write to. */
export function drawSidebar(state, actions) {
  const input = byId("user");
  if (document.activeElement !== input) input.value = state.user;
  paintAvatar(byId("user-avatar"), state.user);
  drawPeople(state, actions);
  drawApps(state, actions);
}

export function drawHead(state) {
  const app = state.apps.find(({ name }) => name === state.appName);
  byId("app-name").textContent = app?.name ?? "";
  byId("app-ids").textContent = app === undefined ? "" : `${app.corpId} · ${app.agentId}`;
  paintAvatar(byId("app-avatar"), app?.name ?? "?");
}
