import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { settingsOfStart } = await import("./lib/settings-of-start.mjs");
const { PlainError, runScript } = await import("./lib/plain-error.mjs");
const { ROOT } = await import("./lib/project.mjs");

// The command line with the settings that `npm start` has.
await runScript(async () => {
  const main = join(ROOT, "packages/cli/dist/main.js");
  if (!existsSync(main))
    throw new PlainError("The gateway is not built yet. Run npm start once, or npm run build.");
  Object.assign(process.env, await settingsOfStart(process.env));
  await import(pathToFileURL(main).href);
  return Number(process.exitCode ?? 0);
});
