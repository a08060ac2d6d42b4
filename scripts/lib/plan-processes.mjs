import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { consolePassword, demoApps } from "./demo-apps.mjs";
import { PlainError } from "./plain-error.mjs";
import { ROOT } from "./project.mjs";

const EMULATOR_PORT = 8650;
const DRAIN_SECONDS = 5;

/**
 * @typedef {object} Plan
 * @property {string} title
 * @property {readonly import("./supervisor.mjs").ProcessSpec[]} processes in the order in which they stop
 * @property {readonly { name: string, variable: string, port: number, host?: string }[]} ports
 * @property {readonly (readonly [string, string])[]} rows what the person needs to know
 */

/**
 * What to start and with which settings. Reads the whole configuration first, so that a fault in it is told once
 * and before anything runs.
 *
 * @param {{ settings: Readonly<Record<string, string>>, stateDir: string, demo: boolean, dev: boolean }} input
 * @returns {Promise<Plan>}
 */
export async function planProcesses({ settings, stateDir, demo, dev }) {
  const emulatorPort = Number(settings.EMULATOR_PORT ?? EMULATOR_PORT);
  const env = {
    WORKER_DRAIN_SECONDS: String(DRAIN_SECONDS),
    ...settings,
    ...(hasPassword(settings)
      ? {}
      : { CONSOLE_PASSWORD: consolePassword(join(stateDir, "console-password")) }),
    ...(demo ? { GATEWAY_CONFIG: writeDemoConfig(stateDir, emulatorPort) } : {}),
  };
  const config = await readConfig(env);
  const ingressUrl = `http://127.0.0.1:${config.http.port}`;
  const callbackUrl = `${ingressUrl}${config.http.path}`;
  const consoleUrl = `http://127.0.0.1:${config.console.port}/`;
  const { health } = config.worker;

  const processes = [
    service("ingress", `${ingressUrl}/ready`, env, { dev, stopTimeoutMs: 10_000 }),
    service("worker", `http://127.0.0.1:${health.port}/ready`, withMetricsPort(env, config, 1), {
      dev,
      stopTimeoutMs: config.worker.drainMs + 10_000,
    }),
    service("console", `${consoleUrl}ready`, withMetricsPort(env, config, 2), { dev, stopTimeoutMs: 10_000 }),
  ];
  const ports = [
    { name: "ingress", variable: "WECOM_CALLBACK_PORT", port: config.http.port },
    { name: "worker", variable: "WORKER_HEALTH_PORT", port: health.port },
    { name: "console", variable: "CONSOLE_PORT", port: config.console.port },
  ];
  const password = config.console.password ?? "";
  const shown = hasPassword(settings) ? "the one you set" : password;
  /** @type {[string, string][]} */
  const rows = [
    ["Callback", callbackUrl],
    ["Queues", `${consoleUrl}  (user ${config.console.user}, password ${shown})`],
  ];
  if (demo) {
    processes.push(emulator(env, { port: emulatorPort, callbackUrl, dev }));
    ports.push({ name: "the WeCom emulator", variable: "EMULATOR_PORT", port: emulatorPort });
    rows.unshift(["Chat page", `http://127.0.0.1:${emulatorPort}/`]);
  }
  const title = demo
    ? "The gateway runs, with an emulator in WeCom's place. Open the chat page and write something."
    : `The gateway runs for ${config.apps.length} WeCom app(s). WeCom must reach the callback address from outside.`;
  return { title, processes, ports, rows };
}

/**
 * Three processes of one machine cannot serve their metrics on one port: they take three that follow each other.
 *
 * @param {Readonly<Record<string, string>>} env
 * @param {{ metrics?: { port: number } }} config
 * @param {number} offset
 */
function withMetricsPort(env, { metrics }, offset) {
  return metrics === undefined ? env : { ...env, METRICS_PORT: String(metrics.port + offset) };
}

/** @param {Readonly<Record<string, string>>} settings */
function hasPassword(settings) {
  return settings.CONSOLE_PASSWORD !== undefined || settings.CONSOLE_PASSWORD_FILE !== undefined;
}

/** @param {Readonly<Record<string, string>>} env */
async function readConfig(env) {
  // Built by now; before the build there is nothing to import.
  const { ConfigError, loadGatewayConfig } = await import("@gateway/service-kit");
  try {
    return loadGatewayConfig(env);
  } catch (error) {
    throw error instanceof ConfigError ? new PlainError(error.message) : error;
  }
}

/**
 * @param {string} stateDir
 * @param {number} emulatorPort
 * @returns {string} the file's path
 */
function writeDemoConfig(stateDir, emulatorPort) {
  const extra = {
    api_base_url: `http://127.0.0.1:${emulatorPort}`,
    allow_all_users: true,
    cards: true,
    apps: demoApps(join(stateDir, "demo-apps.json")),
  };
  const file = demoConfigFile(stateDir);
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify({ platforms: { wecom_callback: { extra } } }, null, 2), { mode: 0o600 });
  return file;
}

/**
 * Where the demo's configuration stands, once `npm start` has written it.
 *
 * @param {string} stateDir
 */
export function demoConfigFile(stateDir) {
  return join(stateDir, "demo-config.yaml");
}

/**
 * @param {string} name
 * @param {string} readyUrl
 * @param {Readonly<Record<string, string>>} env
 * @param {{ dev: boolean, stopTimeoutMs: number }} options
 */
function service(name, readyUrl, env, { dev, stopTimeoutMs }) {
  return { name, readyUrl, stopTimeoutMs, ...program(`services/${name}`, env, dev) };
}

/**
 * @param {Readonly<Record<string, string>>} env
 * @param {{ port: number, callbackUrl: string, dev: boolean }} options
 */
function emulator(env, { port, callbackUrl, dev }) {
  // Its apps are those of the same configuration.
  const own = { ...env, EMULATOR_PORT: String(port), EMULATOR_CALLBACK_URL: callbackUrl };
  const readyUrl = `http://127.0.0.1:${port}/_emulator/apps`;
  return {
    name: "emulator",
    readyUrl,
    stopTimeoutMs: 5_000,
    ...program("packages/wecom-emulator", own, dev),
  };
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} env
 * @param {boolean} dev
 */
function program(folder, env, dev) {
  if (!dev) return { args: ["--enable-source-maps", `${folder}/dist/main.js`], env };
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  return {
    args: [tsx, "watch", "--clear-screen=false", `${folder}/src/main.ts`],
    env: { ...env, NODE_OPTIONS: "--conditions=@gateway/source" },
  };
}
