import type { AppLayer } from "./app-layers.ts";
import { layerOfEnvironment, layerOfFile } from "./app-layers.ts";
import { checkIdentities } from "./check-identities.ts";
import type { AppCredentials } from "./environment-app.ts";
import type { EnvironmentSettings } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import type { FileApp } from "./file-schema.ts";
import type { AppIdentity, ConfigFile } from "./read-config-file.ts";
import type { AppConfig, ReplySettings } from "./types.ts";

const DEFAULT_REPLY_FILE_AFTER_CHUNKS = 10;
const DEFAULT_API_BASE_URL = "https://qyapi.weixin.qq.com";

/**
 * All apps: those of the file, then the one of the environment. For settings that both may give, an app of
 * the file asks its entry, then `extra`, then the environment; the app of the environment asks the environment
 * first, then `extra`.
 */
export function buildApps(
  file: ConfigFile,
  own: AppCredentials | undefined,
  env: EnvironmentSettings,
  faults: FaultList,
): AppConfig[] {
  const alone = file.apps.length === 1 && own === undefined;
  const named = file.apps.map(({ identity, app }) => ({ identity: withName(identity, alone), app }));
  const identities = named.map(({ identity }) => identity);
  checkIdentities(own === undefined ? identities : [...identities, identityOf(own)], faults);

  const environment = layerOfEnvironment(env, faults);
  const shared = layerOfFile(file.extra, env, "platforms.wecom_callback.extra", faults);
  const apps = named.flatMap(({ identity, app }) => {
    if (app === undefined) return [];
    const entry = layerOfFile(app, env, identity.where, faults);
    return [assemble(credentialsOf(identity, app), [entry, shared, environment])];
  });
  if (own !== undefined) apps.push(assemble(own, [environment, shared]));
  return apps;
}

/** An app without a name: "default" when it is the only one, else corp and agent, which are unique. */
function withName(identity: AppIdentity, alone: boolean): AppIdentity {
  const name = identity.name ?? (alone ? "default" : `${identity.corpId}-${identity.agentId}`);
  return { ...identity, name };
}

function identityOf(own: AppCredentials): AppIdentity {
  return { where: "WECOM_CALLBACK_CORP_ID", name: own.name, corpId: own.corpId, agentId: own.agentId };
}

function credentialsOf(identity: AppIdentity, app: FileApp): AppCredentials {
  const additional = (app.additional_keys ?? []).map((set) => ({
    token: set.token,
    encodingAesKey: set.encoding_aes_key,
  }));
  return {
    name: app.name ?? identity.name ?? "default",
    corpId: app.corp_id,
    agentId: app.agent_id,
    corpSecret: app.corp_secret,
    keys: [{ token: app.token, encodingAesKey: app.encoding_aes_key }, ...additional],
  };
}

function assemble(credentials: AppCredentials, layers: readonly AppLayer[]): AppConfig {
  const httpProxy = first(layers, (layer) => layer.httpProxy);
  const access = first(layers, (layer) => layer.access) ?? { allowedUsers: [], allowAllUsers: false };
  const textsFile = first(layers, (layer) => layer.textsFile);
  const welcome = first(layers, (layer) => layer.welcome);
  return {
    ...credentials,
    ...access,
    adminUsers: first(layers, (layer) => layer.adminUsers) ?? [],
    pairing: first(layers, (layer) => layer.pairing) ?? false,
    denyNotice: first(layers, (layer) => layer.denyNotice) ?? false,
    cards: first(layers, (layer) => layer.cards) ?? false,
    adminsApprove: first(layers, (layer) => layer.adminsApprove) ?? false,
    apiBaseUrl: first(layers, (layer) => layer.apiBaseUrl) ?? DEFAULT_API_BASE_URL,
    ...(httpProxy === undefined ? {} : { httpProxy }),
    language: first(layers, (layer) => layer.language) ?? "zh-CN",
    ...(textsFile === undefined ? {} : { textsFile }),
    busyMode: first(layers, (layer) => layer.busyMode) ?? "queue",
    menu: first(layers, (layer) => layer.menu) ?? {},
    ...(welcome === undefined ? {} : { welcome }),
    replies: repliesOf(layers),
    media: {
      dirs: first(layers, (layer) => layer.media.dirs) ?? [],
      urls: first(layers, (layer) => layer.media.urls) ?? false,
      wholeAfterChunks:
        first(layers, (layer) => layer.media.wholeAfterChunks) ?? DEFAULT_REPLY_FILE_AFTER_CHUNKS,
    },
    runner: first(layers, (layer) => layer.runner) ?? { kind: "demo" },
  };
}

function repliesOf(layers: readonly AppLayer[]): ReplySettings {
  const accounts = first(layers, ({ replies }) => replies.accounts);
  return {
    format: first(layers, ({ replies }) => replies.format) ?? "text",
    number: first(layers, ({ replies }) => replies.number) ?? false,
    unknownOutcome: first(layers, ({ replies }) => replies.unknownOutcome) ?? "dead-letter",
    late: first(layers, ({ replies }) => replies.late) ?? "dead-letter",
    ...(accounts === undefined ? {} : { accounts }),
  };
}

function first<Value>(
  layers: readonly AppLayer[],
  pick: (layer: AppLayer) => Value | undefined,
): Value | undefined {
  for (const layer of layers) {
    const value = pick(layer);
    if (value !== undefined) return value;
  }
  return undefined;
}
