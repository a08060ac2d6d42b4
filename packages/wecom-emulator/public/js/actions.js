import { send } from "./api.js";
import { t } from "./i18n.js";
import { savePreferences } from "./preferences.js";
import { attempt, toast } from "./toast.js";

/** Everything that a click can do. */
export function createActions(state, load, draw) {
  const push = (content) =>
    attempt(async () => {
      state.jumpToEnd = true;
      state.selectedSeq = undefined;
      await send("POST", "pushes", { app: state.appName, user: state.user, content });
      await load("chat");
    });

  async function reopen() {
    Object.assign(state, { items: [], calls: [], selectedSeq: undefined, jumpToEnd: true });
    savePreferences({ appName: state.appName, user: state.user });
    await attempt(() => load("chat", "latest", "calls", "people"));
  }

  return {
    push,
    sendText: (content) => push({ type: "text", content }),
    pressCard: (item, eventKey, selectedItems) =>
      push({ type: "template_card_event", msgId: item.msgId, eventKey, selectedItems }),
    pushAgain: (item) => attempt(() => send("POST", `pushes/${item.id}/repeat`)),
    openApp(name) {
      state.appName = name;
      document.getElementById("shell").classList.remove("list-over");
      return reopen();
    },
    becomeUser(user) {
      state.user = user;
      return reopen();
    },
    select(seq) {
      state.selectedSeq = seq;
      state.tab = "message";
      document.getElementById("shell").classList.remove("inspector-closed");
      document.getElementById("shell").classList.add("inspector-over");
      draw();
    },
    openTab(name) {
      state.tab = name;
      draw();
    },
    addFault: (rule) =>
      attempt(async () => {
        const rules = state.faults.map(({ match, times, action }) => ({ match, times, action }));
        const spent = (_rule, index) => state.faults[index].applied < state.faults[index].times;
        const live = rules.filter((old, index) => old.times === "always" || spent(old, index));
        await send("POST", "faults", [...live, rule]);
        toast(t("faultSet"));
      }),
    clearFaults: () => attempt(() => send("DELETE", "faults")),
    verify: () =>
      attempt(async () => {
        const result = await send("POST", `apps/${encodeURIComponent(state.appName)}/verify-callback`);
        if (result.ok) toast(t("verify_ok", { ms: result.latencyMs }));
        else toast(t("verify_bad", { problem: result.problem }), "bad");
      }),
    endTokens: (verb) =>
      attempt(async () => {
        const { ended } = await send("POST", `tokens/${verb}`, { app: state.appName });
        toast(t("tokensEnded", { n: ended }));
      }),
    changeApp: (change) => attempt(() => send("PATCH", `apps/${encodeURIComponent(state.appName)}`, change)),
    advance: (advanceMs) =>
      attempt(async () => {
        await send("POST", "clock", { advanceMs });
        toast(t("clockMoved"));
      }),
    reset: () => attempt(() => send("POST", "reset")),
  };
}
