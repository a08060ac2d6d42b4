import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { faults } = await import("./lib/faults.mjs");
await runScript(() => faults(process.argv.slice(2), process.env));
