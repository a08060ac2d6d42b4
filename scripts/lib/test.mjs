import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { findBrowser } from "./browser.mjs";
import { SPRIG } from "./chart-engine.mjs";
import { dockerAnswers } from "./docker.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { installRedis } from "./private-redis.mjs";
import { ROOT } from "./project.mjs";
import { findRedisServer } from "./redis-server.mjs";
import { installWithPackageManager } from "./system-packages.mjs";

/**
 * All tests, with whatever they need installed first.
 *
 * @param {readonly string[]} args for jest
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} jest's exit code
 */
export async function test(args, env) {
  await bootstrap();
  await ensureRedis(env);
  await ensureBrowser(env);
  await ensureChartEngine(env);
  const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
  // Jest loads ES modules through a Node interface that is still called experimental; the warning tells nobody anything.
  const nodeOptions = `${env.NODE_OPTIONS ?? ""} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  const child = spawn(process.execPath, [jest, ...args], {
    cwd: ROOT,
    env: { ...env, NODE_OPTIONS: nodeOptions.trim() },
    stdio: "inherit",
  });
  // The terminal gives Ctrl-C to jest as well; we only have to outlive it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * The shared Redis may be anywhere; the fault tests kill and freeze one of their own, which takes the program.
 *
 * @param {NodeJS.ProcessEnv} env
 */
async function ensureRedis(env) {
  if (findRedisServer(env) !== undefined) return;
  if (await installWithPackageManager("redis", env)) return;
  if (!env.TEST_REDIS_URL && !dockerAnswers(env)) await installRedis(env);
  console.log("There is no redis-server on the PATH: tests that kill a Redis of their own will fail.");
}

/** @param {NodeJS.ProcessEnv} env */
async function ensureBrowser(env) {
  if (findBrowser(env) !== undefined) return;
  try {
    if (await installWithPackageManager("chromium", env)) return;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  console.log("There is no Chromium (CHROMIUM_PATH or on the PATH): the browser tests are skipped.");
}

/**
 * What the Helm chart is rendered with: Go's templates and sprig's functions, from Debian's packages.
 *
 * @param {NodeJS.ProcessEnv} env
 */
async function ensureChartEngine(env) {
  if (existsSync(SPRIG) && findOnPath(["go"], env) !== undefined) return;
  try {
    // A compiler is much to install for somebody who only wants to run the tests.
    if (env.CI && (await installWithPackageManager("charts", env))) return;
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  console.log(`There is no Go with sprig (${SPRIG}): the tests of the Helm chart are skipped.`);
}
