import type { CallbackKeys, PreparedKeys } from "@gateway/wecom-client/callback";
import { prepareKeys } from "@gateway/wecom-client/callback";
import type { AccessPolicy, AccessSettings } from "./access/access-policy.ts";
import { createAccessPolicy } from "./access/access-policy.ts";

/** What ingress needs to know of a configured app. */
export interface AppSettings extends AccessSettings {
  readonly name: string;
  readonly agentId: string;
  /** Live key sets; two while a token or AES key is being changed. */
  readonly keys: readonly CallbackKeys[];
}

export interface IngressApp {
  readonly name: string;
  readonly corpId: string;
  readonly agentId: string;
  readonly keySets: readonly PreparedKeys[];
  readonly access: AccessPolicy;
}

/** Finds apps by what an envelope says about itself, which is not yet verified. */
export interface AppDirectory {
  /**
   * The apps that may have been meant: the one that the envelope names, at the same cost for one app or
   * five hundred. Where the envelope has no AgentID (WeCom leaves it empty for some events), the corp's apps.
   */
  candidates(corpId: string, agentId: string): readonly IngressApp[];
  /** The URL check has no envelope: any app may be meant, the signature tells. */
  all(): readonly IngressApp[];
}

/** A directory whose apps can be exchanged while it is in use: a request sees either the old ones or the new. */
export interface LiveAppDirectory extends AppDirectory {
  /** @throws like createAppDirectory; then the old apps stay. */
  replace(settings: readonly AppSettings[]): void;
}

export function createLiveAppDirectory(settings: readonly AppSettings[]): LiveAppDirectory {
  let current = createAppDirectory(settings);
  return {
    candidates: (corpId, agentId) => current.candidates(corpId, agentId),
    all: () => current.all(),
    replace(next) {
      current = createAppDirectory(next);
    },
  };
}

/** @throws when an app's keys cannot be used or two apps are the same one; names the app. */
export function createAppDirectory(settings: readonly AppSettings[]): AppDirectory {
  const apps = settings.map(prepareApp);
  const byCorp = new Map<string, CorpApps>();
  for (const app of apps) {
    const corp: CorpApps = byCorp.get(app.corpId) ?? { all: [], byAgent: new Map() };
    const known = corp.byAgent.get(app.agentId)?.[0];
    if (known !== undefined) {
      throw new Error(
        `Apps "${known.name}" and "${app.name}" have the same corp and agent id; keep one of them.`,
      );
    }
    corp.all.push(app);
    corp.byAgent.set(app.agentId, [app]);
    byCorp.set(app.corpId, corp);
  }
  return {
    candidates(corpId, agentId) {
      const corp = byCorp.get(corpId);
      return (agentId === "" ? corp?.all : corp?.byAgent.get(agentId)) ?? [];
    },
    all: () => apps,
  };
}

interface CorpApps {
  readonly all: IngressApp[];
  /** Each alone in its list, which is what is asked for. */
  readonly byAgent: Map<string, readonly IngressApp[]>;
}

function prepareApp(settings: AppSettings): IngressApp {
  const { name, corpId, agentId } = settings;
  try {
    const keySets = settings.keys.map(prepareKeys);
    return { name, corpId, agentId, keySets, access: createAccessPolicy(settings) };
  } catch (cause) {
    throw new Error(`App "${name}": its callback token or EncodingAESKey cannot be used; copy both again.`, {
      cause,
    });
  }
}
