import type { CallbackKeys } from "@gateway/wecom-client/callback";
import type { EnvironmentSettings } from "./environment-schema.ts";
import type { FaultList } from "./fault-list.ts";
import type { AppConfig, Environment } from "./types.ts";

export type AppCredentials = Pick<AppConfig, "name" | "corpId" | "agentId" | "corpSecret" | "keys">;

const REQUIRED = [
  [
    "WECOM_CALLBACK_CORP_ID",
    "Set it to the corp id (ww…), on the page “My company” (我的企业) of the admin console.",
  ],
  ["WECOM_CALLBACK_CORP_SECRET", "Set it to the Secret on the app's page."],
  ["WECOM_CALLBACK_AGENT_ID", "Set it to the AgentId at the top of the app's page."],
  ["WECOM_CALLBACK_TOKEN", "Set it to the Token of the app's “Receive messages” (接收消息) page."],
  [
    "WECOM_CALLBACK_ENCODING_AES_KEY",
    "Set it to the EncodingAESKey of the app's “Receive messages” (接收消息) page.",
  ],
] as const;

/** True when the environment says anything about an app of its own, complete and valid or not. */
export function hasEnvironmentApp(env: Environment): boolean {
  return REQUIRED.some(([name]) => isGiven(name, env));
}

function isGiven(name: string, env: Environment): boolean {
  return [name, `${name}_FILE`].some((variable) => (env[variable] ?? "").trim() !== "");
}

/** The app of the environment, named "default". Undefined when there is none, or when it has a fault. */
export function readEnvironmentApp(
  env: Environment,
  settings: EnvironmentSettings,
  faults: FaultList,
): AppCredentials | undefined {
  const additional = readAdditionalKeys(env, settings, faults);
  if (!hasEnvironmentApp(env)) return undefined;
  for (const [name, mend] of REQUIRED) {
    if (!isGiven(name, env))
      faults.add({ where: name, found: "is missing, while others of its app are set", mend });
  }
  const corpId = settings.WECOM_CALLBACK_CORP_ID;
  const agentId = settings.WECOM_CALLBACK_AGENT_ID;
  const corpSecret = settings.WECOM_CALLBACK_CORP_SECRET;
  const token = settings.WECOM_CALLBACK_TOKEN;
  const encodingAesKey = settings.WECOM_CALLBACK_ENCODING_AES_KEY;
  if (!corpId || !agentId || !corpSecret || !token || !encodingAesKey) return undefined;
  return { name: "default", corpId, agentId, corpSecret, keys: [{ token, encodingAesKey }, ...additional] };
}

function readAdditionalKeys(
  env: Environment,
  settings: EnvironmentSettings,
  faults: FaultList,
): CallbackKeys[] {
  const names = ["WECOM_CALLBACK_ADDITIONAL_TOKEN", "WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY"] as const;
  const given = names.filter((name) => isGiven(name, env));
  if (given.length === 0) return [];
  if (!hasEnvironmentApp(env)) {
    faults.warn(`${given.join(" and ")} has no effect: it belongs to the app of WECOM_CALLBACK_CORP_ID.`);
  }
  for (const name of names) {
    if (isGiven(name, env)) continue;
    faults.add({ where: name, found: "is missing", mend: `Set it too, or take ${given.join("")} away.` });
  }
  const token = settings.WECOM_CALLBACK_ADDITIONAL_TOKEN;
  const encodingAesKey = settings.WECOM_CALLBACK_ADDITIONAL_ENCODING_AES_KEY;
  return token && encodingAesKey ? [{ token, encodingAesKey }] : [];
}
