import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { PlainError } from "./plain-error.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

const FOLDER = join(ROOT, "bench");

/**
 * Runs the named benchmarks, or all of them.
 *
 * @param {readonly string[]} names like "ack" for bench/ack.ts
 * @param {NodeJS.ProcessEnv} env
 */
export async function bench(names, env) {
  await bootstrap();
  const known = existsSync(FOLDER)
    ? readdirSync(FOLDER).flatMap((file) => (file.endsWith(".ts") ? [file.slice(0, -".ts".length)] : []))
    : [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new PlainError(`There is no benchmark "${unknown}". Known: ${known.join(", ")}.`);
  for (const name of names.length > 0 ? names : known) {
    console.log(`\n# ${name}`);
    await runCommand(process.execPath, ["--import", "tsx", join(FOLDER, `${name}.ts`)], {
      cwd: ROOT,
      env,
      show: true,
      what: `The benchmark ${name}`,
    });
  }
}
