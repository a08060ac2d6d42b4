import { join } from "node:path";
import { ensureDependencies } from "./dependencies.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Dependencies and build, each only as far as needed: a second run takes about a second.
 *
 * @param {{ build?: boolean }} [options]
 */
export async function bootstrap({ build = true } = {}) {
  await ensureDependencies();
  if (!build) return;
  await runCommand(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-b"], {
    cwd: ROOT,
    what: "Building",
  });
}
