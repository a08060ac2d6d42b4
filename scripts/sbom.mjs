import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { ensureDependencies } = await import("./lib/dependencies.mjs");
const { printSbom } = await import("./lib/sbom.mjs");
await runScript(async () => {
  await ensureDependencies();
  await printSbom(process.argv.slice(2));
});
