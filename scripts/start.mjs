import { requireNode } from "./lib/node-version.mjs";

requireNode();
// Only now: the rest needs a Node that is recent enough to load it.
const { runScript } = await import("./lib/plain-error.mjs");
const { start } = await import("./lib/start.mjs");
await runScript(() => start(process.argv.slice(2), process.env));
