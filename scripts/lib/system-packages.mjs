import { spawnSync } from "node:child_process";
import { findOnPath } from "./find-on-path.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * How each package manager installs, and what it calls the things we may need.
 *
 * @type {readonly { program: string, before?: readonly string[], install: readonly string[], redis: readonly string[], chromium: readonly string[], charts?: readonly string[], needsRoot: boolean }[]}
 */
const MANAGERS = [
  {
    program: "apt-get",
    before: ["update", "-qq"],
    install: ["install", "-y", "-qq", "--no-install-recommends"],
    redis: ["redis-server"],
    chromium: ["chromium", "fonts-noto-cjk"],
    charts: ["golang-go", "golang-github-masterminds-sprig-dev", "golang-k8s-sigs-yaml-dev"],
    needsRoot: true,
  },
  { program: "dnf", install: ["install", "-y"], redis: ["valkey"], chromium: ["chromium"], needsRoot: true },
  { program: "apk", install: ["add"], redis: ["valkey"], chromium: ["chromium"], needsRoot: true },
  {
    program: "pacman",
    install: ["-S", "--noconfirm"],
    redis: ["valkey"],
    chromium: ["chromium"],
    needsRoot: true,
  },
  { program: "brew", install: ["install"], redis: ["redis"], chromium: [], needsRoot: false },
];

/**
 * Installs a program with the system's package manager, saying what it does.
 *
 * @param {"redis" | "chromium" | "charts"} thing
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>} false where there is no package manager, or no right to use it
 */
export async function installWithPackageManager(thing, env) {
  const manager = MANAGERS.find(({ program }) => findOnPath([program], env) !== undefined);
  const packages = manager?.[thing] ?? [];
  if (manager === undefined || packages.length === 0) return false;
  const prefix = manager.needsRoot ? rootPrefix(env) : [];
  if (prefix === undefined) return false;
  const shown = [...prefix, manager.program, ...manager.install, ...packages].join(" ");
  console.log(`Installing ${thing}: ${shown}`);
  for (const step of [manager.before, [...manager.install, ...packages]]) {
    if (step === undefined) continue;
    const [command, ...args] = /** @type {[string, ...string[]]} */ ([...prefix, manager.program, ...step]);
    await runCommand(command, args, { env: quietEnvironment(env), what: `Installing ${thing}` });
  }
  return true;
}

/**
 * What to put before a command that needs root: nothing for root, sudo where it asks for no password.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[] | undefined}
 */
function rootPrefix(env) {
  if (process.getuid?.() === 0) return [];
  const sudo = findOnPath(["sudo"], env);
  if (sudo === undefined) return undefined;
  const allowed = spawnSync(sudo, ["-n", "true"], { stdio: "ignore", timeout: 5_000 }).status === 0;
  return allowed ? [sudo, "-n"] : undefined;
}

/** @param {NodeJS.ProcessEnv} env */
function quietEnvironment(env) {
  // RUNLEVEL keeps Debian from starting a system-wide Redis: only the program is wanted.
  return { ...env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1", HOMEBREW_NO_AUTO_UPDATE: "1" };
}
