import { get } from "./api.js";

/** Brings the state up to date with the emulator. Each part is fetched on its own, when something touched it. */
export function createLoader(state, draw) {
  const loads = {
    async apps() {
      state.apps = (await get("apps")).apps;
      if (!state.apps.some(({ name }) => name === state.appName)) state.appName = state.apps[0]?.name ?? "";
    },
    async chat() {
      const { appName, user } = state;
      if (appName === "") return;
      const { items, nowMs } = await get("chat", { app: appName, user });
      // Another chat may have been opened while this one was on its way.
      if (appName === state.appName && user === state.user) Object.assign(state, { items, nowMs });
    },
    async latest() {
      state.latest = (await get("overview", { user: state.user })).latest;
    },
    async calls() {
      if (state.appName === "") return;
      Object.assign(state, await get("calls", { app: state.appName, limit: 100 }));
    },
    async faults() {
      state.faults = (await get("faults")).faults;
    },
    async people() {
      const corpId = state.apps.find(({ name }) => name === state.appName)?.corpId;
      const { users } = await get("users");
      const known = users.filter((user) => user.corpId === corpId).map(({ userId }) => userId);
      state.people = [...new Set([...state.defaults, ...known.toReversed()])].slice(0, 50);
    },
  };

  let wanted = new Set();
  let running = false;

  /** Many changes in a row become one round of fetching. */
  async function load(...names) {
    for (const name of names) wanted.add(name);
    if (running) return;
    running = true;
    try {
      while (wanted.size > 0) {
        const now = [...wanted];
        wanted = new Set();
        await Promise.all(now.map((name) => loads[name]()));
        draw();
      }
    } finally {
      running = false;
    }
  }
  return load;
}
