import { createActions } from "./actions.js";
import { watch } from "./api.js";
import { drawChat, watchScroll } from "./chat-view.js";
import { drawComposer, wireComposer } from "./composer.js";
import { byId } from "./dom.js";
import { currentLanguage, setLanguage, t, translatePage } from "./i18n.js";
import { drawInspector } from "./inspector.js";
import { createLoader } from "./loader.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import { drawHead, drawSidebar } from "./sidebar-view.js";
import { applyTheme, toggleTheme } from "./theme.js";
import { attempt } from "./toast.js";

const remembered = loadPreferences();
const state = {
  apps: [],
  appName: remembered.appName ?? "",
  user: remembered.user ?? "zhangsan",
  defaults: ["zhangsan", "lisi", "wangwu"],
  people: [],
  items: [],
  latest: {},
  calls: [],
  counts: {},
  faults: [],
  nowMs: Date.now(),
  filter: "",
  tab: "message",
  selectedSeq: undefined,
  jumpToEnd: true,
  language: "en",
};

/** The composer is drawn only when its content changes: a redraw would close an open menu. */
let composerKey = "";

function draw() {
  drawSidebar(state, actions);
  drawHead(state);
  drawChat(state, actions);
  drawInspector(state, actions);
  const key = JSON.stringify([
    state.language,
    state.appName,
    state.apps.find((app) => app.name === state.appName)?.menu,
  ]);
  if (key !== composerKey) drawComposer(state, actions);
  composerKey = key;
  state.jumpToEnd = false;
}

const load = createLoader(state, draw);
const actions = createActions(state, load, draw);

const PARTS = {
  message: ["chat", "latest", "people"],
  push: ["chat", "latest", "people"],
  call: ["calls"],
  faults: ["faults"],
  apps: ["apps"],
  users: ["people"],
  reset: ["apps", "chat", "latest", "calls", "faults", "people"],
};

function showLive(isLive) {
  const dot = byId("live");
  const wasLive = dot.classList.contains("live");
  dot.classList.toggle("live", isLive);
  dot.title = t(isLive ? "live" : "reconnecting");
  dot.setAttribute("aria-label", dot.title);
  // Whatever happened while nobody listened is fetched now.
  if (isLive && !wasLive) void attempt(() => load(...PARTS.reset));
}

function speak(language) {
  setLanguage(language);
  state.language = currentLanguage();
  translatePage();
  byId("language-mark").textContent = language === "zh" ? "EN" : "中";
  for (const [id, key] of [
    ["language", "switchLanguage"],
    ["theme", "switchTheme"],
  ]) {
    byId(id).title = t(key);
    byId(id).setAttribute("aria-label", t(key));
  }
}

function wirePanels() {
  const shell = byId("shell");
  byId("toggle-inspector").addEventListener("click", () => {
    if (matchMedia("(max-width: 1180px)").matches) shell.classList.toggle("inspector-over");
    else shell.classList.toggle("inspector-closed");
  });
  byId("open-list").addEventListener("click", () => shell.classList.add("list-over"));
  const closeAll = () => shell.classList.remove("inspector-over", "list-over");
  byId("close-inspector").addEventListener("click", closeAll);
  byId("veil").addEventListener("click", closeAll);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeAll());
}

function wireSidebar() {
  const become = (event) => {
    event.preventDefault();
    const user = byId("user").value.trim();
    if (user !== "" && user !== state.user && byId("identity").reportValidity())
      void actions.becomeUser(user);
  };
  byId("identity").addEventListener("submit", become);
  byId("user").addEventListener("change", become);
  byId("filter").addEventListener("input", (event) => {
    state.filter = event.target.value;
    draw();
  });
}

function wireRail() {
  byId("language").addEventListener("click", () => {
    const next = state.language === "zh" ? "en" : "zh";
    savePreferences({ language: next });
    speak(next);
    draw();
  });
  byId("theme").addEventListener("click", toggleTheme);
  byId("enter").addEventListener("click", () => actions.push({ type: "enter_agent" }));
}

applyTheme();
speak(remembered.language ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
wirePanels();
wireSidebar();
wireRail();
wireComposer(actions);
watchScroll();
await attempt(async () => {
  await load("apps");
  await load("chat", "latest", "calls", "faults", "people");
});
watch((change) => attempt(() => load(...(PARTS[change.topic] ?? []))), showLive);
byId("draft").focus();
