import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { ensureRedisServer } from "./private-redis.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Runs the whole gateway under faults and checks what happened; the options are those of test/faults/run-faults.ts.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function faults(args, env) {
  await bootstrap();
  await ensureRedisServer(env);
  await runCommand(process.execPath, ["--import", "tsx", join(ROOT, "test/faults/run-faults.ts"), ...args], {
    cwd: ROOT,
    env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --conditions=@gateway/source`.trim() },
    show: true,
    what: "The fault run",
  });
}
