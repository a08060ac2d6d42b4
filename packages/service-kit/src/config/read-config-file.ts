import type { FaultList } from "./fault-list.ts";
import type { FileApp, FileExtra } from "./file-schema.ts";
import {
  APP_KEYS,
  APP_LIMIT,
  appSchema,
  CREDENTIAL_KEYS,
  EXTRA_KEYS,
  extraSchema,
  KEY_SET_KEYS,
  LISTEN_KEYS,
} from "./file-schema.ts";
import type { RawMap } from "./parse-config-file.ts";
import { isBlank, isMap, parseConfigFile } from "./parse-config-file.ts";
import type { SectionReader } from "./read-section.ts";
import { RUNNER_KEYS } from "./runners/runner-section.ts";

const PLATFORM = "platforms.wecom_callback";
const EXTRA = `${PLATFORM}.extra`;

/** Who an app is and where it is written; known even when the rest of the entry is broken. */
export interface AppIdentity {
  readonly where: string;
  readonly name: string | undefined;
  readonly corpId: string | undefined;
  readonly agentId: string | undefined;
}

export interface ConfigFile {
  readonly extra: FileExtra;
  readonly apps: readonly { readonly identity: AppIdentity; readonly app: FileApp | undefined }[];
}

/**
 * The part of a Hermes configuration that concerns this gateway. The rest of the file is Hermes' own and is
 * not looked at; unknown keys inside our part are warnings, so that the file can be brought unchanged.
 */
export function readConfigFile(path: string, reader: SectionReader, faults: FaultList): ConfigFile {
  const nothing: ConfigFile = { extra: {}, apps: [] };
  const root = parseConfigFile(path, faults);
  if (root === undefined) return nothing;
  const platform = mapIn(mapIn(root, "platforms"), "wecom_callback");
  if (platform === undefined) {
    faults.warn(`${path} has no ${PLATFORM}: nothing is taken from it.`);
    return nothing;
  }
  refuseSwitchedOff(platform, faults);
  // Without `extra` Hermes runs on the environment alone, and so do we.
  const extra = isBlank(platform.extra) ? {} : platform.extra;
  if (!isMap(extra)) {
    faults.add({ where: EXTRA, found: "no map of keys", mend: "Needs the key apps, or corp_id and so on." });
    return nothing;
  }
  return readExtra(withPlatformAllowList(platform, extra), reader, faults);
}

function mapIn(parent: RawMap | undefined, key: string): RawMap | undefined {
  const value = parent?.[key];
  return isMap(value) ? value : undefined;
}

/** Hermes takes `enabled: false` as the last word on the platform, also over the environment. */
function refuseSwitchedOff(platform: RawMap, faults: FaultList): void {
  const enabled = platform.enabled;
  if (typeof enabled !== "string" || !/^(false|no|off|0)$/i.test(enabled)) return;
  faults.add({
    where: `${PLATFORM}.enabled`,
    found: `found "${enabled}", which switches the platform off`,
    mend: "Set it to true to run the gateway. To keep it off for Hermes, give the gateway a file of its own.",
  });
}

function withPlatformAllowList(platform: RawMap, extra: RawMap): RawMap {
  return isBlank(platform.allow_from) || !isBlank(extra.allow_from)
    ? extra
    : { ...extra, allow_from: platform.allow_from };
}

function readExtra(extra: RawMap, reader: SectionReader, faults: FaultList): ConfigFile {
  const listed = isBlank(extra.apps) ? undefined : extra.apps;
  const single = listed === undefined && CREDENTIAL_KEYS.some((key) => !isBlank(extra[key]));
  warnUnknown(extra, single ? [...EXTRA_KEYS, ...APP_KEYS] : EXTRA_KEYS, EXTRA, faults);
  // In the single-app form the options are the app's own.
  const keys = single ? LISTEN_KEYS : Object.keys(extraSchema.shape);
  const place = { path: EXTRA, label: "", keys };
  const settings = reader.read(extra, extraSchema, place) ?? {};
  if (single) return { extra: settings, apps: [readApp(extra, EXTRA, reader, faults)] };
  return { extra: settings, apps: readList(listed ?? [], reader, faults) };
}

function readList(listed: unknown, reader: SectionReader, faults: FaultList): ConfigFile["apps"] {
  const where = `${EXTRA}.apps`;
  if (!Array.isArray(listed)) {
    faults.add({
      where,
      found: "not a list",
      mend: "Needs a list of apps, each line of it starting with “- ”.",
    });
    return [];
  }
  if (listed.length > APP_LIMIT) {
    faults.add({
      where,
      found: `found ${listed.length} apps`,
      mend: `Needs at most ${APP_LIMIT} apps per gateway.`,
    });
    return [];
  }
  return listed.flatMap((entry: unknown, index) => {
    if (isMap(entry)) {
      warnUnknown(entry, APP_KEYS, `${where}[${index}]`, faults);
      return [readApp(entry, `${where}[${index}]`, reader, faults)];
    }
    faults.add({
      where: `${where}[${index}]`,
      found: "not a map of keys",
      mend: "Needs corp_id, agent_id and so on.",
    });
    return [];
  });
}

function readApp(entry: RawMap, path: string, reader: SectionReader, faults: FaultList) {
  const identity = {
    where: path,
    name: reader.peek(entry, "name"),
    corpId: reader.peek(entry, "corp_id"),
    agentId: reader.peek(entry, "agent_id"),
  };
  const label = identity.name === undefined ? "" : ` (app ${JSON.stringify(identity.name.slice(0, 64))})`;
  warnNested(entry, path, faults);
  return { identity, app: reader.read(entry, appSchema, { path, label, keys: APP_KEYS }) };
}

function warnNested(entry: RawMap, path: string, faults: FaultList): void {
  const runner = entry.runner;
  if (isMap(runner)) warnUnknown(runner, RUNNER_KEYS, `${path}.runner`, faults);
  const sets: unknown = entry.additional_keys;
  if (!Array.isArray(sets)) return;
  for (const [index, set] of sets.entries()) {
    if (isMap(set)) warnUnknown(set, KEY_SET_KEYS, `${path}.additional_keys[${index}]`, faults);
  }
}

function warnUnknown(section: RawMap, known: readonly string[], path: string, faults: FaultList): void {
  for (const key of Object.keys(section)) {
    if (!known.includes(key)) faults.warn(`${path}.${key} is not used by the gateway.`);
  }
}
