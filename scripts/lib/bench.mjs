import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { PlainError } from "./plain-error.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

const FOLDER = join(ROOT, "bench");
const OPTIONS = ["--quick", "--smoke"];

/**
 * Runs the named benchmarks, or all of them.
 *
 * @param {readonly string[]} args names like "ack" for bench/ack.ts; --quick for a shorter run, --smoke for one that
 *   only shows that it works
 * @param {NodeJS.ProcessEnv} env
 */
export async function bench(args, env) {
  await bootstrap();
  const names = args.filter((arg) => !arg.startsWith("--"));
  const options = args.filter((arg) => arg.startsWith("--"));
  const known = readdirSync(FOLDER).flatMap((file) =>
    file.endsWith(".ts") ? [file.slice(0, -".ts".length)] : [],
  );
  const unknown =
    names.find((name) => !known.includes(name)) ?? options.find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) {
    throw new PlainError(`There is no ${unknown}. Known: ${[...known, ...OPTIONS].join(", ")}.`);
  }
  for (const name of names.length > 0 ? names : known) {
    console.log(`\n# ${name}`);
    await runCommand(process.execPath, ["--import", "tsx", join(FOLDER, `${name}.ts`), ...options], {
      cwd: ROOT,
      env,
      show: true,
      what: `The benchmark ${name}`,
    });
  }
}
