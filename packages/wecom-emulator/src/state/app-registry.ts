import { InputError } from "../input-error.ts";
import type { EmulatorApp, MenuButton } from "../types.ts";

/** An app and what an operator can change about it while the emulator runs. */
export interface AppState extends Omit<EmulatorApp, "menu"> {
  callbackUrl: string;
  /** A new one, and the old one is refused at once (as WeCom's console does it). */
  corpSecret: string;
  token: string;
  encodingAesKey: string;
  menu: readonly MenuButton[];
  /** Addresses that may call the API; undefined lets everybody (WeCom's 企业可信IP, error 60020). */
  trustedIps: readonly string[] | undefined;
  /** A stopped app gets no token and its calls answer 50003. */
  stopped: boolean;
}

export interface AppChange {
  readonly callbackUrl?: string | undefined;
  readonly corpSecret?: string | undefined;
  readonly token?: string | undefined;
  readonly encodingAesKey?: string | undefined;
  readonly trustedIps?: readonly string[] | null | undefined;
  readonly stopped?: boolean | undefined;
  readonly menu?: readonly MenuButton[] | undefined;
}

export interface AppRegistry {
  all(): readonly AppState[];
  byName(name: string): AppState | undefined;
  byAgent(corpId: string, agentId: string): AppState | undefined;
  bySecret(corpId: string, corpSecret: string): AppState | undefined;
  hasCorp(corpId: string): boolean;
  change(name: string, change: AppChange): AppState | undefined;
  /** Back to how the apps were given. */
  reset(): void;
}

const fresh = (app: EmulatorApp): AppState => ({
  ...app,
  menu: app.menu ?? [],
  trustedIps: undefined,
  stopped: false,
});

export function createAppRegistry(given: readonly EmulatorApp[]): AppRegistry {
  const byName = new Map<string, AppState>();
  const byAgent = new Map<string, AppState>();
  const corps = new Set(given.map((app) => app.corpId));
  for (const app of given) {
    if (byName.has(app.name))
      throw new InputError(`Two apps are called "${app.name}": app names must differ.`);
    const agentKey = `${app.corpId}\n${app.agentId}`;
    if (byAgent.has(agentKey))
      throw new InputError(`App "${app.name}" repeats corp and agent id of another app.`);
    const state = fresh(app);
    byName.set(app.name, state);
    byAgent.set(agentKey, state);
  }
  return {
    all: () => [...byName.values()],
    byName: (name) => byName.get(name),
    byAgent: (corpId, agentId) => byAgent.get(`${corpId}\n${agentId}`),
    bySecret: (corpId, corpSecret) =>
      [...byName.values()].find((app) => app.corpId === corpId && app.corpSecret === corpSecret),
    hasCorp: (corpId) => corps.has(corpId),
    change(name, change) {
      const app = byName.get(name);
      if (app === undefined) return undefined;
      if (change.callbackUrl !== undefined) app.callbackUrl = change.callbackUrl;
      if (change.corpSecret !== undefined) app.corpSecret = change.corpSecret;
      if (change.token !== undefined) app.token = change.token;
      if (change.encodingAesKey !== undefined) app.encodingAesKey = change.encodingAesKey;
      if (change.stopped !== undefined) app.stopped = change.stopped;
      if (change.menu !== undefined) app.menu = change.menu;
      if (change.trustedIps !== undefined) app.trustedIps = change.trustedIps ?? undefined;
      return app;
    },
    reset() {
      for (const app of given) Object.assign(byName.get(app.name) ?? {}, fresh(app));
    },
  };
}
