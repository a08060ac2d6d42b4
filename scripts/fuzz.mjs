import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { fuzz } = await import("./lib/fuzz.mjs");
await runScript(() => fuzz(process.argv.slice(2), process.env));
