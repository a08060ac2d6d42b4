import { isDeepStrictEqual } from "node:util";
import type { AppConfig, GatewayConfig } from "./types.ts";

/** What differs between two configurations: names only, never values. */
export interface ConfigDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Per app the settings that differ. */
  readonly changed: Readonly<Record<string, readonly string[]>>;
  /** Settings of the process that cannot change while it runs. */
  readonly needRestart: readonly string[];
}

/** An app is the same one as long as its corp and agent are. */
export function diffConfig(before: GatewayConfig, after: GatewayConfig): ConfigDiff {
  const [known, wanted] = [byIdentity(before.apps), byIdentity(after.apps)];
  const changed = [...wanted].flatMap(([identity, app]) => {
    const old = known.get(identity);
    const settings = old === undefined ? [] : differences(old, app);
    return settings.length === 0 ? [] : [[app.name, settings] as const];
  });
  return {
    added: [...wanted].flatMap(([identity, { name }]) => (known.has(identity) ? [] : [name])),
    removed: [...known].flatMap(([identity, { name }]) => (wanted.has(identity) ? [] : [name])),
    changed: Object.fromEntries(changed),
    needRestart: processDifferences(before, after),
  };
}

export function isSameConfig({ added, removed, changed }: ConfigDiff): boolean {
  return added.length === 0 && removed.length === 0 && Object.keys(changed).length === 0;
}

function byIdentity(apps: readonly AppConfig[]): ReadonlyMap<string, AppConfig> {
  return new Map(apps.map((app) => [`${app.corpId} ${app.agentId}`, app]));
}

function processDifferences(before: GatewayConfig, after: GatewayConfig): string[] {
  const { apps: _old, warnings: _said, ...own } = before;
  const { apps: _new, warnings: _say, ...wanted } = after;
  return differences(own, wanted);
}

/** The keys whose values differ. */
function differences(before: object, after: object): string[] {
  const [old, wanted] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = [...new Set([...old.keys(), ...wanted.keys()])];
  return keys.filter((key) => !isDeepStrictEqual(old.get(key), wanted.get(key)));
}
