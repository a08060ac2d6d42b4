import { existsSync } from "node:fs";
import { meansRealWecom, readSettings } from "./environment.mjs";
import { demoConfigFile } from "./plan-processes.mjs";
import { findPrivateRedis } from "./private-redis.mjs";
import { STATE_DIR } from "./project.mjs";

/**
 * The settings of .env and the environment, and for what they leave open what a running `npm start` has made up: the
 * Redis of its own, and the demo's apps.
 *
 * @param {NodeJS.ProcessEnv} processEnv
 * @returns {Promise<Record<string, string>>}
 */
export async function settingsOfStart(processEnv) {
  const settings = readSettings(processEnv);
  const stateDir = settings.GATEWAY_STATE_DIR ?? STATE_DIR;
  if (settings.REDIS_URL !== undefined || settings.REDIS_URL_FILE !== undefined) return settings;
  const redisUrl = await findPrivateRedis(stateDir);
  if (redisUrl === undefined) return settings;
  const demo = demoConfigFile(stateDir);
  const isDemo = !meansRealWecom(settings) && existsSync(demo);
  return { ...settings, REDIS_URL: redisUrl, ...(isDemo ? { GATEWAY_CONFIG: demo } : {}) };
}
