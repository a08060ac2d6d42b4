import { requireNode } from "./lib/node-version.mjs";

requireNode();
const { runScript } = await import("./lib/plain-error.mjs");
const { bench } = await import("./lib/bench.mjs");
await runScript(() => bench(process.argv.slice(2), process.env));
