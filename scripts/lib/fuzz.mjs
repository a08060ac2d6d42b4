import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

const PROPERTY = /\bfc\s*\.assert\(/g;

/**
 * Gives the property tests (fast-check) another seed and more time; which they are is found by what they call.
 *
 * @param {readonly string[]} args --seed (default: one at random), --minutes in all (default 5), and parts of paths of
 *   test files (default: all)
 * @param {NodeJS.ProcessEnv} env
 */
export async function fuzz(args, env) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seed: { type: "string" }, minutes: { type: "string", default: "5" } },
  });
  await bootstrap();
  const files = findProperties(positionals);
  const processes = Math.min(availableParallelism(), files.length);
  const count = files.reduce((sum, { properties }) => sum + properties, 0);
  const propertyMs = Math.ceil((Number(values.minutes) * 60_000 * processes) / count);
  const seed = values.seed ?? String(randomInt(2 ** 31));
  console.log(`Seed ${seed}: ${count} properties in ${files.length} files, each for ${propertyMs} ms.`);
  const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const paths = files.map(({ path }) => path);
  const limits = ["--maxWorkers", String(processes), "--testTimeout", String(propertyMs * 10 + 60_000)];
  await runCommand(process.execPath, [jest, "--runTestsByPath", ...paths, ...limits], {
    cwd: ROOT,
    env: {
      ...env,
      FUZZ_SEED: seed,
      FUZZ_PROPERTY_MS: String(propertyMs),
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
    },
    show: true,
    what: `Fuzzing with seed ${seed}`,
  });
}

/** @param {readonly string[]} parts */
function findProperties(parts) {
  return ["packages", "services"]
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name, "src")))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter(
      (path) =>
        path.endsWith(".test.ts") && (parts.length === 0 || parts.some((part) => path.includes(part))),
    )
    .map((path) => ({
      path,
      properties: [...readFileSync(join(ROOT, path), "utf8").matchAll(PROPERTY)].length,
    }))
    .filter(({ properties }) => properties > 0);
}
