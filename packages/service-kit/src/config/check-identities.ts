import type { FaultList } from "./fault-list.ts";
import type { AppIdentity } from "./read-config-file.ts";

/** Two apps may share neither a name nor corp and agent: a callback must lead to exactly one of them. */
export function checkIdentities(identities: readonly AppIdentity[], faults: FaultList): void {
  const byApp = new Map<string, AppIdentity>();
  const byName = new Map<string, AppIdentity>();
  for (const identity of identities) {
    const { corpId, agentId, name, where } = identity;
    if (corpId !== undefined && agentId !== undefined) {
      const earlier = byApp.get(`${corpId} ${agentId}`);
      if (earlier === undefined) byApp.set(`${corpId} ${agentId}`, identity);
      else
        faults.add({
          where,
          found: `${describe(identity)} is the app of ${earlier.where} again`,
          mend: MEND_APP,
        });
    }
    if (name !== undefined) {
      const earlier = byName.get(name);
      if (earlier === undefined) byName.set(name, identity);
      else
        faults.add({
          where: `${where} name`,
          found: `${quote(name)} is the name of ${earlier.where} too`,
          mend: MEND_NAME,
        });
    }
  }
}

const MEND_APP =
  "Keep one of the two: an app's settings stand in one place, in the file or in WECOM_CALLBACK_… variables.";
const MEND_NAME = "Give each app a name of its own (the app of the environment is called default).";

function describe({ corpId, agentId }: AppIdentity): string {
  return `corp ${quote(corpId ?? "")} with agent ${quote(agentId ?? "")}`;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
