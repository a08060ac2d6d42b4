import { findOnPath } from "./find-on-path.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/**
 * A Chromium on this machine: CHROMIUM_PATH, else the first on the PATH.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string | undefined}
 */
export function findBrowser(env) {
  return env.CHROMIUM_PATH ? env.CHROMIUM_PATH : findOnPath(NAMES, env);
}
