import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { ROOT } from "./project.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Takes the documentation's pictures of the chat page anew: the whole gateway, the emulator and a real browser.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export async function pictures(env) {
  await bootstrap();
  await runCommand(process.execPath, ["--import", "tsx", join(ROOT, "test/pictures/take-pictures.ts")], {
    cwd: ROOT,
    env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --conditions=@gateway/source`.trim() },
    show: true,
    what: "Taking the pictures",
  });
}
