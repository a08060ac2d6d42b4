import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { meansRealWecom, readSettings } from "./environment.mjs";
import { startGuardian } from "./guardian.mjs";
import { PlainError } from "./plain-error.mjs";
import { planProcesses } from "./plan-processes.mjs";
import { requireFreePorts } from "./ports.mjs";
import { startPrivateRedis } from "./private-redis.mjs";
import { STATE_DIR, shortPath } from "./project.mjs";
import { showLine } from "./show-line.mjs";
import { untilStopSignal } from "./stop-signals.mjs";
import { createSupervisor } from "./supervisor.mjs";
import { table } from "./table.mjs";

const READY_TIMEOUT_MS = 60_000;
const REDIS_STOP_TIMEOUT_MS = 15_000;

/**
 * Everything from nothing: dependencies, build, Redis, the services, and the emulator where no real WeCom app is
 * configured. Runs until Ctrl-C.
 *
 * @param {readonly string[]} args `--dev` runs the sources and starts a service again when they change
 * @param {NodeJS.ProcessEnv} processEnv
 * @returns {Promise<number>} the exit code
 */
export async function start(args, processEnv) {
  const unknown = args.find((arg) => arg !== "--dev");
  if (unknown !== undefined) throw new PlainError(`${unknown} is not known. The only option is --dev.`);
  await bootstrap();
  const settings = readSettings(processEnv);
  const stateDir = settings.GATEWAY_STATE_DIR ?? STATE_DIR;
  const plan = await planProcesses({
    settings,
    stateDir,
    demo: !meansRealWecom(settings),
    dev: args.includes("--dev"),
  });
  await requireFreePorts(plan.ports);

  const guardian = startGuardian();
  const logDir = join(stateDir, "logs");
  const supervisor = createSupervisor({ guardian, logDir, show });
  const stopSignal = untilStopSignal(() => {
    console.log("Stopping at once.");
    supervisor.killAll();
    process.exit(130);
  });
  const running = bringUp(plan, settings, stateDir, supervisor).then((rows) => {
    const all = table([...plan.rows, ...rows, ["Logs", shortPath(logDir)]]);
    console.log(`\n${plan.title}\n\n${all}\n\n  Ctrl-C stops everything.\n`);
    return supervisor.death;
  });
  try {
    const death = await Promise.race([stopSignal.then(() => undefined), supervisor.death, running]);
    if (death !== undefined) throw new PlainError(`${death}\nStopping the others.`);
    console.log("\nStopping…");
    return 0;
  } finally {
    await supervisor.stopAll(plan.processes.map(({ name }) => name));
    guardian.close();
  }
}

/**
 * @param {string} name
 * @param {string} line
 */
function show(name, line) {
  if (name !== "redis") console.log(showLine(name, line));
}

/**
 * Redis, then everything else at once, until all of it is ready.
 *
 * @param {import("./plan-processes.mjs").Plan} plan
 * @param {Readonly<Record<string, string>>} settings
 * @param {string} stateDir
 * @param {ReturnType<typeof createSupervisor>} supervisor
 * @returns {Promise<[string, string][]>} what there is to say about it
 */
async function bringUp(plan, settings, stateDir, supervisor) {
  const redis = await redisFor(settings, stateDir, supervisor);
  console.log("Starting the services…");
  for (const spec of plan.processes) supervisor.launch({ ...spec, env: { ...spec.env, ...redis.env } });
  await Promise.all(plan.processes.map((spec) => supervisor.untilReady(spec, READY_TIMEOUT_MS)));
  return [["Redis", redis.shown]];
}

/**
 * The Redis of the settings, or one of our own.
 *
 * @param {Readonly<Record<string, string>>} settings
 * @param {string} stateDir
 * @param {ReturnType<typeof createSupervisor>} supervisor
 * @returns {Promise<{ env: Record<string, string>, shown: string }>}
 */
async function redisFor(settings, stateDir, supervisor) {
  if (settings.REDIS_URL !== undefined || settings.REDIS_URL_FILE !== undefined) {
    return { env: {}, shown: "the one of REDIS_URL" };
  }
  const { url, how, child } = await startPrivateRedis(settings, stateDir);
  supervisor.adopt("redis", child, REDIS_STOP_TIMEOUT_MS);
  return { env: { REDIS_URL: url }, shown: `${url}  (${how})` };
}
