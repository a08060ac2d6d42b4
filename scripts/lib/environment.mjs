import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ROOT } from "./project.mjs";

/** Any of these (or its _FILE variant) says that a real WeCom app is meant. */
const APP_SETTINGS = [
  "GATEWAY_CONFIG",
  "WECOM_CALLBACK_CORP_ID",
  "WECOM_CALLBACK_CORP_SECRET",
  "WECOM_CALLBACK_AGENT_ID",
  "WECOM_CALLBACK_TOKEN",
  "WECOM_CALLBACK_ENCODING_AES_KEY",
];

/**
 * The settings: .env, and over it the environment of the process. Empty values count as not set.
 *
 * @param {NodeJS.ProcessEnv} processEnv
 * @param {string} [file]
 * @returns {Record<string, string>}
 */
export function readSettings(processEnv, file = join(ROOT, ".env")) {
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  /** @type {Record<string, string>} */
  const settings = {};
  for (const [name, value] of Object.entries({ ...fromFile, ...processEnv })) {
    if (value !== undefined && value.trim() !== "") settings[name] = value;
  }
  return settings;
}

/**
 * Whether the settings speak of a real WeCom app, complete or not. Half a configuration is not a wish for the
 * demo: the services then say what is missing.
 *
 * @param {Readonly<Record<string, string>>} settings
 */
export function meansRealWecom(settings) {
  return APP_SETTINGS.some((name) => settings[name] !== undefined || settings[`${name}_FILE`] !== undefined);
}
