import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rememberGroup, startReaper } from "../../test/support/reaper.mjs";
import { saveResults } from "./bench-results.mjs";
import { bootstrap } from "./bootstrap.mjs";
import { describeMachine } from "./machine.mjs";
import { PlainError } from "./plain-error.mjs";
import { ensureRedisServer } from "./private-redis.mjs";
import { ROOT } from "./project.mjs";
import { untilStopSignal } from "./stop-signals.mjs";

const FOLDER = join(ROOT, "bench");
const SCALES = ["--quick", "--smoke"];
const SAVE = "--save";

/**
 * Runs the named benchmarks, or all of them, and prints Markdown.
 *
 * @param {readonly string[]} args names like "ack" for bench/ack.ts; --quick for a shorter run, --smoke for one that
 *   only shows that it works; --save to put the results into docs/benchmarks.md
 * @param {NodeJS.ProcessEnv} env
 */
export async function bench(args, env) {
  const { names, scale, save } = readArguments(args);
  await bootstrap();
  await ensureRedisServer(env);
  const runDir = mkdtempSync(join(tmpdir(), "gateway-bench-"));
  const endReaper = startReaper(runDir);
  // The reaper ends what was started; a benchmark that has lost its services has nothing to say.
  void untilStopSignal(() => process.exit(1)).then(() => process.exit(1));
  try {
    const machine = describeMachine(env);
    console.log(machine);
    for (const name of names) {
      const command = ["npm run bench --", name, ...scale].join(" ");
      console.log(`\n## ${name}\n`);
      const output = await run(name, scale, { ...env, TEST_RUN_DIR: runDir });
      if (save) saveResults({ name, command, machine, output });
    }
  } finally {
    await endReaper();
  }
}

/** @param {readonly string[]} args */
function readArguments(args) {
  const known = readdirSync(FOLDER).flatMap((file) =>
    file.endsWith(".ts") ? [file.slice(0, -".ts".length)] : [],
  );
  const named = args.filter((arg) => !arg.startsWith("--"));
  const scale = args.filter((arg) => SCALES.includes(arg));
  const save = args.includes(SAVE);
  const unknown = args.find((arg) => ![...known, ...SCALES, SAVE].includes(arg));
  if (unknown !== undefined) {
    throw new PlainError(`There is no ${unknown}. Known: ${[...known, ...SCALES, SAVE].join(", ")}.`);
  }
  if (save && scale.length > 0) throw new PlainError("Only the figures of a full run are worth keeping.");
  return { names: named.length > 0 ? named : known, scale, save };
}

/**
 * @param {string} name
 * @param {readonly string[]} scale
 * @param {NodeJS.ProcessEnv & { TEST_RUN_DIR: string }} env
 * @returns {Promise<string>} what it printed
 */
async function run(name, scale, env) {
  const file = join(FOLDER, `${name}.ts`);
  const child = spawn(process.execPath, ["--import", "tsx", file, ...scale], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, which the reaper can end.
    detached: true,
  });
  const forget = rememberGroup(env.TEST_RUN_DIR, child.pid ?? 0);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    process.stdout.write(text);
  });
  const [code, signal] = await once(child, "close");
  forget();
  if (code !== 0) throw new PlainError(`The benchmark ${name} failed (${signal ?? `exit code ${code}`}).`);
  return output;
}
